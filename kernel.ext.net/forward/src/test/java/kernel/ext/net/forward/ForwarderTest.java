package kernel.ext.net.forward;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import kernel.core.machine.Clock;
import kernel.ext.net.api.Diversion;
import kernel.ext.net.api.IpAddress;
import kernel.ext.net.api.TcpConnection;
import kernel.ext.net.api.TcpListener;
import kernel.ext.net.api.UdpEndpoint;
import kernel.ext.net.api.header.Udp;
import kernel.ext.net.provider.PlainGraph;
import kernel.ext.net.provider.PlainNetwork;
import kernel.ext.net.tcp.NewReno;
import kernel.ext.net.tcp.TcpEngine;
import kernel.ext.sched.provider.HostStrands;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A client, a forwarder and two servers on one wire. */
@Timeout(60)
@SuppressWarnings("try") // what is held open is not always called
class ForwarderTest {

    private static final long SECOND = 1_000_000_000L;
    private static final IpAddress FORWARDER = IpAddress.parse("10.0.0.2");
    private static final Target FIRST = Target.parse("10.0.0.3:7"), SECOND_ONE = Target.parse("10.0.0.4:7");

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
    private final Hub hub = new Hub();
    private final HostStrands strands = new HostStrands();
    private final PlainNetwork[] networks = new PlainNetwork[4];
    private final PlainNetwork client;
    private final PlainNetwork middle;

    ForwarderTest() throws IOException {
        for (int i = 0; i < 4; i++) {
            networks[i] = new PlainNetwork(new PlainGraph(), clock, strands, new TcpEngine(), new NewReno());
            networks[i].attach(hub.add(i + 1));
            networks[i].configure("eth0", IpAddress.parse("10.0.0." + (i + 1)), 24);
        }
        client = networks[0];
        middle = networks[1];
    }

    @AfterEach
    void end() {
        for (PlainNetwork network : networks) {
            network.close();
        }
        hub.close();
    }

    /** Answers datagrams and the bytes of connections with the number of the server before them. */
    private TcpListener serve(int server) throws IOException {
        PlainNetwork network = networks[server];
        UdpEndpoint[] echo = new UdpEndpoint[1];
        echo[0] = network.bind(7, "echo", (packet, _, _) -> {
            int at = packet.transport();
            byte[] bytes = new byte[1 + Udp.length(packet, at) - Udp.LENGTH];
            bytes[0] = (byte) ('0' + server);
            packet.copyTo(at + Udp.LENGTH, bytes, 1, bytes.length - 1);
            try {
                echo[0].send(packet.source(), Udp.source(packet, at), bytes, 0, bytes.length);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return true;
        });
        TcpListener listener = network.listen(IpAddress.ANY, 7, 64);
        strands.fork("server", () -> {
            try {
                while (true) {
                    TcpConnection connection = listener.accept();
                    strands.fork("connection", () -> echo(server, connection));
                }
            } catch (IOException e) {
                // closed
            }
        });
        return listener;
    }

    private static void echo(int server, TcpConnection connection) {
        try {
            connection.write(new byte[]{(byte) ('0' + server)}, 0, 1);
            byte[] bytes = new byte[10_000];
            int count;
            while ((count = connection.read(bytes, 0, bytes.length)) > 0) {
                connection.write(bytes, 0, count);
            }
            connection.close();
        } catch (IOException e) {
            connection.abort();
        }
    }

    private static byte[] all(TcpConnection connection, int count) throws IOException {
        byte[] bytes = new byte[count];
        int have = 0;
        int some;
        while (have < count && (some = connection.read(bytes, have, count - have)) > 0) {
            have += some;
        }
        return Arrays.copyOf(bytes, have);
    }

    @Test
    void datagramsGoByTurnsAndAnswersComeBack() throws Exception {
        serve(2);
        serve(3);
        try (Forwarder forwarder = new Forwarder(middle, Forwarder.UDP, 53, List.of(FIRST, SECOND_ONE), 64)) {
            AtomicInteger[] by = {new AtomicInteger(), new AtomicInteger()};
            for (int i = 0; i < 10; i++) {
                BlockingQueue<String> came = new LinkedBlockingQueue<>();
                try (UdpEndpoint endpoint = client.bind(0, "client", (packet, _, _) -> {
                    int at = packet.transport();
                    byte[] bytes = new byte[Udp.length(packet, at) - Udp.LENGTH];
                    packet.copyTo(at + Udp.LENGTH, bytes, 0, bytes.length);
                    return came.add(packet.source() + ":" + Udp.source(packet, at) + " "
                            + new String(bytes, StandardCharsets.US_ASCII));
                })) {
                    String first = null;
                    for (int k = 0; k < 3; k++) {
                        endpoint.send(FORWARDER, 53, new byte[]{'h', 'i'}, 0, 2);
                        String answer = came.poll(5, TimeUnit.SECONDS);
                        assertTrue(answer.matches("10.0.0.2:53 [23]hi"), answer);
                        first = first == null ? answer : first;
                        assertEquals(first, answer, "one exchange stays with one server");
                    }
                    by[first.charAt(12) - '2'].incrementAndGet();
                }
            }
            assertEquals("5 5", by[0] + " " + by[1]);
            assertEquals("udp 53 to 10.0.0.3:7 10.0.0.4:7: flows 10 of 10, packets 60, refused 0",
                    forwarder.toString());
        }
    }

    @Test
    void connectionsAreOnesFromEndToEnd() throws Exception {
        serve(2);
        serve(3);
        byte[] bytes = new byte[300_000];
        new Random(1).nextBytes(bytes);
        try (Forwarder forwarder = new Forwarder(middle, Forwarder.TCP, 80, List.of(FIRST, SECOND_ONE), 64)) {
            for (int i = 0; i < 4; i++) {
                TcpConnection connection = client.connect(FORWARDER, 80, 10 * SECOND);
                assertEquals('2' + i % 2, all(connection, 1)[0]);
                Thread writer = Thread.ofPlatform().start(() -> {
                    try {
                        connection.write(bytes, 0, bytes.length);
                        connection.shutdownOutput();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                });
                assertTrue(Arrays.equals(bytes, all(connection, bytes.length)));
                assertEquals(-1, connection.read(new byte[1], 0, 1));
                writer.join();
                connection.close();
            }
            assertEquals(0, middle.counters().get("tcp.received"), "the forwarder's own TCP saw nothing");
            assertEquals(4, forwarder.opened());
        }
    }

    @Test
    void overABadWireToo() throws Exception {
        serve(2);
        Random random = new Random(3);
        hub.loses = _ -> random.nextInt(50) == 0;
        hub.changes = frame -> {
            if (frame.length > 100 && random.nextInt(50) == 0) {
                frame[60 + random.nextInt(frame.length - 60)] ^= 4; // of the transport's payload
            }
            return true;
        };
        byte[] bytes = new byte[100_000];
        random.nextBytes(bytes);
        try (Forwarder forwarder = new Forwarder(middle, Forwarder.TCP, 80, List.of(FIRST), 64)) {
            TcpConnection connection = client.connect(FORWARDER, 80, 20 * SECOND);
            Thread writer = Thread.ofPlatform().start(() -> {
                try {
                    connection.write(bytes, 0, bytes.length);
                    connection.shutdownOutput();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            all(connection, 1);
            assertTrue(Arrays.equals(bytes, all(connection, bytes.length)));
            writer.join();
            connection.close();
            assertTrue(forwarder.packets() > 0);
        }
    }

    @Test
    void whatTheServerRefusesIsRefused() throws Exception {
        try (Forwarder forwarder = new Forwarder(middle, Forwarder.TCP, 80, List.of(FIRST), 64)) {
            String said = assertThrows(IOException.class, () -> client.connect(FORWARDER, 80, 10 * SECOND))
                    .getMessage();
            assertTrue(said.contains("refused"), said);
            assertEquals(1, forwarder.opened());
        }
        // and when it is over, nobody is there
        assertThrows(IOException.class, () -> client.connect(FORWARDER, 80, 10 * SECOND));
    }

    @Test
    void whoOpensMoreThanFitClosesNobodys() throws Exception {
        serve(2);
        try (Forwarder forwarder = new Forwarder(middle, Forwarder.TCP, 80, List.of(FIRST), 8)) {
            TcpConnection good = client.connect(FORWARDER, 80, 10 * SECOND);
            assertEquals('2', all(good, 1)[0]);
            hub.loses = frame -> frame.length > 33 && frame[29] == 3; // nothing from the server: flows stay half open
            for (int i = 0; i < 20; i++) {
                assertThrows(IOException.class, () -> client.connect(FORWARDER, 80, SECOND / 50));
            }
            hub.loses = _ -> false;
            assertTrue(forwarder.open() <= 8);
            good.write(new byte[]{'x'}, 0, 1);
            assertEquals('x', all(good, 1)[0]);
            good.close();
        }
    }

    @Test
    void portsAreTheirOwners() throws Exception {
        try (UdpEndpoint taken = middle.bind(53, "dns", (_, _, _) -> true);
                TcpListener listener = middle.listen(IpAddress.ANY, 80, 4)) {
            assertThrows(IOException.class, () -> new Forwarder(middle, Forwarder.UDP, 53, List.of(FIRST), 8));
            assertThrows(IOException.class, () -> new Forwarder(middle, Forwarder.TCP, 80, List.of(FIRST), 8));
        }
        Diversion[] own = new Diversion[1];
        BlockingQueue<String> said = new LinkedBlockingQueue<>();
        own[0] = middle.divert(Forwarder.UDP, 53, 4, "thief", (packet, _, now) -> {
            for (int port : new int[]{52, own[0].firstBack() + 4}) {
                said.add(assertThrows(IOException.class,
                        () -> own[0].send(packet, FORWARDER, port, FIRST.address(), 7, now)).getMessage());
            }
            return said.add(assertThrows(IOException.class,
                    () -> own[0].send(packet, IpAddress.parse("10.0.0.9"), 53, FIRST.address(), 7, now)).getMessage());
        });
        assertThrows(IOException.class, () -> middle.bind(53, "dns", (_, _, _) -> true));
        assertThrows(IOException.class, () -> middle.bind(own[0].firstBack() + 1, "dns", (_, _, _) -> true));
        client.bind(0, "client", (_, _, _) -> true).send(FORWARDER, 53, new byte[1], 0, 1);
        for (int i = 0; i < 3; i++) {
            assertTrue(said.poll(5, TimeUnit.SECONDS).contains("only if that is ours"));
        }
        own[0].close();
        middle.bind(53, "dns", (_, _, _) -> true).close();
    }

    @Test
    void targetsAreRead() {
        assertEquals("10.0.0.3:80", Target.parse("10.0.0.3:80").toString());
        for (String bad : List.of("10.0.0.3", ":80", "10.0.0.3:0", "10.0.0.3:70000", "here:80")) {
            assertThrows(IllegalArgumentException.class, () -> Target.parse(bad), bad);
        }
    }
}
