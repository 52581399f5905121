package kernel.ext.net.rpc.provider;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import kernel.core.machine.Clock;
import kernel.ext.net.api.IpAddress;
import kernel.ext.net.api.TcpConnection;
import kernel.ext.net.api.UdpEndpoint;
import kernel.ext.net.provider.PlainGraph;
import kernel.ext.net.provider.PlainNetwork;
import kernel.ext.net.rpc.api.Rpc;
import kernel.ext.net.rpc.api.RpcCall;
import kernel.ext.net.rpc.api.RpcClient;
import kernel.ext.net.rpc.api.RpcException;
import kernel.ext.net.rpc.api.RpcException.Reason;
import kernel.ext.net.rpc.api.RpcTransport;
import kernel.ext.net.rpc.api.XdrException;
import kernel.ext.net.rpc.api.XdrReader;
import kernel.ext.net.rpc.api.XdrWriter;
import kernel.ext.net.tcp.NewReno;
import kernel.ext.net.tcp.TcpEngine;
import kernel.ext.sched.provider.HostStrands;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Calls over the loopback interface of a stack. */
@Timeout(60)
@SuppressWarnings("try") // one closes while another waits
class RpcTest {

    private static final long SECOND = 1_000_000_000L;
    private static final int ADDER = 0x2000_0001;
    private static final IpAddress HERE = IpAddress.LOOPBACK;

    private final Clock clock = new Clock() {
        @Override
        public long realTime() {
            return System.currentTimeMillis() * 1_000_000;
        }

        @Override
        public long monotonicTime() {
            return System.nanoTime();
        }
    };
    private final HostStrands strands = new HostStrands();
    private final PlainNetwork network = new PlainNetwork(new PlainGraph(), clock, strands, new TcpEngine(),
            new NewReno());
    private final PlainRpc rpc = new PlainRpc(network, strands, clock);
    private final AtomicInteger served = new AtomicInteger();
    private Rpc.Served adder;

    @BeforeEach
    void serve() throws IOException {
        rpc.mapPorts();
        adder = rpc.serve(ADDER, 3, 0, "adder", this::adder);
    }

    @AfterEach
    void end() {
        rpc.close();
        network.close();
    }

    /** 1: adds two numbers; 2: gives back what it is given; 3: fails; 4: tells who calls. */
    private void adder(RpcCall call, XdrReader in, XdrWriter out) throws XdrException, RpcException {
        served.incrementAndGet();
        switch (call.procedure()) {
            case 1 -> out.putInt(in.getInt() + in.getInt());
            case 2 -> {
                byte[] bytes = in.getOpaque(1 << 20);
                out.putOpaque(bytes, 0, bytes.length);
            }
            case 3 -> throw new IllegalStateException("on purpose");
            case 4 -> out.putString(call.from() + " " + call.transport() + " " + call.user() + " " + call.group());
            default -> throw call.noSuchProcedure();
        }
    }

    private RpcClient client(RpcTransport transport, int version) throws IOException {
        return rpc.client(transport, HERE, adder.port(), ADDER, version, 5 * SECOND);
    }

    private static Reason refused(RpcClient client, int procedure, XdrWriter arguments) {
        return assertThrows(RpcException.class, () -> client.call(procedure, arguments, 5 * SECOND)).reason();
    }

    @ParameterizedTest
    @EnumSource
    void proceduresAreCalled(RpcTransport transport) throws IOException {
        try (RpcClient client = client(transport, 3)) {
            for (int i = 0; i < 200; i++) {
                assertEquals(i + 7, client.call(1, new XdrWriter().putInt(i).putInt(7), 5 * SECOND).getInt());
            }
            assertEquals(0, client.call(0, new XdrWriter(), SECOND).remaining());
            assertEquals("127.0.0.1 " + transport + " -1 -1", client.call(4, new XdrWriter(), SECOND).getString(99));
            byte[] much = new byte[transport == RpcTransport.TCP ? 900_000 : 60_000];
            new Random(2).nextBytes(much);
            XdrReader back = client.call(2, new XdrWriter().putOpaque(much, 0, much.length), 10 * SECOND);
            assertTrue(Arrays.equals(much, back.getOpaque(1 << 20)));
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatIsWrongIsTold(RpcTransport transport) throws IOException {
        try (RpcClient client = client(transport, 3)) {
            assertEquals(Reason.PROCEDURE_UNAVAILABLE, refused(client, 99, new XdrWriter()));
            assertEquals(Reason.GARBAGE_ARGUMENTS, refused(client, 1, new XdrWriter().putInt(1)));
            assertEquals(Reason.SYSTEM_ERROR, refused(client, 3, new XdrWriter()));
            assertEquals(3, client.call(1, new XdrWriter().putInt(1).putInt(2), SECOND).getInt());
        }
        try (RpcClient old = client(transport, 2)) {
            RpcException e = assertThrows(RpcException.class, () -> old.call(1, new XdrWriter(), SECOND));
            assertEquals("PROGRAM_MISMATCH 3 3", e.reason() + " " + e.low() + " " + e.high());
        }
        try (RpcClient other = rpc.client(transport, HERE, adder.port(), ADDER + 1, 1, SECOND)) {
            assertEquals(Reason.PROGRAM_UNAVAILABLE, refused(other, 1, new XdrWriter()));
        }
        assertThrows(IOException.class, () -> rpc.serve(ADDER, 3, 0, "twice", this::adder));
    }

    @Test
    void thePortMapperKnows() throws IOException {
        try (RpcClient client = rpc.client(RpcTransport.TCP, HERE, 0, ADDER, 3, 5 * SECOND)) {
            assertEquals(5, client.call(1, new XdrWriter().putInt(2).putInt(3), SECOND).getInt());
        }
        RpcException e = assertThrows(RpcException.class,
                () -> rpc.client(RpcTransport.UDP, HERE, 0, ADDER + 1, 3, 5 * SECOND));
        assertEquals(Reason.PROGRAM_UNAVAILABLE, e.reason());
        List<Rpc.Mapping> all = rpc.mappings(HERE, 5 * SECOND);
        assertTrue(all.contains(new Rpc.Mapping(ADDER, 3, 17, adder.port(), "", 0)), all::toString);
        assertTrue(all.contains(new Rpc.Mapping(Rpc.PORTMAPPER, 4, 6, 111, "", 0)), all::toString);
        adder.close();
        assertFalse(rpc.mappings(HERE, 5 * SECOND).stream().anyMatch(one -> one.program() == ADDER));
        adder = rpc.serve(ADDER, 3, 0, "adder", this::adder);
    }

    @Test
    void aCallThatIsSentAgainIsNotServedAgain() throws IOException {
        AtomicInteger answers = new AtomicInteger();
        try (UdpEndpoint caller = network.bind(0, "test", (_, _, _) -> answers.incrementAndGet() > 0)) {
            XdrWriter message = new XdrWriter();
            Messages.call(message, 4711, ADDER, 3, 1);
            message.putInt(1).putInt(2);
            for (int i = 0; i < 5; i++) {
                caller.send(HERE, adder.port(), message.bytes(), 0, message.length());
            }
            assertEquals(1, served.get());
            assertEquals(5, answers.get());
        }
    }

    @Test
    void whoDoesNotAnswerIsGivenUpAndASilentPortRefuses() throws IOException {
        try (UdpEndpoint silent = network.bind(0, "silent", (_, _, _) -> true);
                RpcClient client = rpc.client(RpcTransport.UDP, HERE, silent.port(), ADDER, 3, SECOND)) {
            assertEquals(Reason.TIMED_OUT, assertThrows(RpcException.class,
                    () -> client.call(1, new XdrWriter(), SECOND / 5)).reason());
        }
        try (RpcClient nobody = rpc.client(RpcTransport.UDP, HERE, 9, ADDER, 3, SECOND)) {
            assertThrows(IOException.class, () -> nobody.call(1, new XdrWriter(), 10 * SECOND));
        }
    }

    @Test
    void noiseIsSurvived() throws IOException {
        Random random = new Random(5);
        try (UdpEndpoint noisy = network.bind(0, "noise", (_, _, _) -> true)) {
            for (int i = 0; i < 5000; i++) {
                byte[] noise = new byte[random.nextInt(80)];
                random.nextBytes(noise);
                if (noise.length > 12) {
                    Arrays.fill(noise, 4, 11, (byte) 0); // a call of RPC version 2
                    noise[11] = 2;
                }
                noisy.send(HERE, i % 2 == 0 ? adder.port() : 111, noise, 0, noise.length);
            }
        }
        for (byte[] record : new byte[][]{{-1, -1, -1, -1}, {0, 0, 0, 0}, {-128, 0, 0, 2, 1, 2}, {0, 0}}) {
            try (TcpConnection connection = network.connect(HERE, adder.port(), SECOND)) {
                connection.write(record, 0, record.length);
                connection.shutdownOutput();
            }
        }
        try (RpcClient client = client(RpcTransport.TCP, 3)) {
            assertEquals(3, client.call(1, new XdrWriter().putInt(1).putInt(2), SECOND).getInt());
        }
    }

    @Test
    void whoWaitsLearnsThatTheConnectionIsOver() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        Rpc.Served slow = rpc.serve(ADDER + 5, 1, 0, "slow", (_, _, _) -> {
            begun.countDown();
            try {
                end.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        try (RpcClient client = rpc.client(RpcTransport.TCP, HERE, slow.port(), ADDER + 5, 1, SECOND)) {
            Thread closer = Thread.ofPlatform().start(() -> {
                try {
                    begun.await();
                    client.close();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            assertThrows(IOException.class, () -> client.call(1, new XdrWriter(), 30 * SECOND));
            closer.join();
        } finally {
            end.countDown();
        }
    }
}
