package kernel.ext.net.am;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import kernel.core.machine.Clock;
import kernel.core.machine.NetworkAdapter;
import kernel.ext.net.api.ActiveMessages;
import kernel.ext.net.api.ActiveMessages.Peer;
import kernel.ext.net.api.Packet;
import kernel.ext.net.api.PacketBuffer;
import kernel.ext.net.provider.PlainGraph;
import kernel.ext.net.provider.PlainNetwork;
import kernel.ext.net.tcp.NewReno;
import kernel.ext.net.tcp.TcpEngine;
import kernel.ext.sched.provider.HostStrands;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two machines on a wire that carries frames when it is told to. */
@SuppressWarnings("try") // numbers are given back in the middle
class ActiveMessagesTest {

    /** An adapter whose frames wait to be carried. */
    private static final class Adapter implements NetworkAdapter {
        final long address;
        final ArrayDeque<byte[]> out = new ArrayDeque<>();
        Receiver receiver;

        Adapter(long address) {
            this.address = address;
        }

        @Override
        public String name() {
            return "eth0";
        }

        @Override
        public long address() {
            return address;
        }

        @Override
        public int mtu() {
            return 1500;
        }

        @Override
        public boolean intact() {
            return false;
        }

        @Override
        public void transmit(byte[] frame, int offset, int length) {
            out.add(Arrays.copyOfRange(frame, offset, offset + length));
        }

        @Override
        public void connect(Receiver to) {
            receiver = to;
        }
    }

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
    private final Adapter[] adapters = {new Adapter(0x0800_2B00_0001L), new Adapter(0x0800_2B00_0002L)};
    private final Peer toB = new Peer("eth0", adapters[1].address);
    private final PlainNetwork[] networks = new PlainNetwork[2];
    private final PlainMessages[] messages = new PlainMessages[2];

    ActiveMessagesTest() throws IOException {
        for (int i = 0; i < 2; i++) {
            networks[i] = new PlainNetwork(new PlainGraph(), clock, new HostStrands(), new TcpEngine(), new NewReno());
            networks[i].attach(adapters[i]);
            messages[i] = new PlainMessages(networks[i], new PlainNode());
        }
    }

    @AfterEach
    void end() {
        for (PlainNetwork network : networks) {
            network.close();
        }
    }

    private void carry() {
        for (int i = 0; i < 2; i = adapters[0].out.isEmpty() && adapters[1].out.isEmpty() ? 2 : 1 - i) {
            byte[] frame = adapters[i].out.poll();
            if (frame != null) {
                adapters[1 - i].receiver.received(frame, 0, frame.length);
            }
        }
    }

    private static String text(Packet message, int count) {
        byte[] bytes = new byte[count];
        message.copyTo(ActiveMessages.PAYLOAD, bytes, 0, count);
        return new String(bytes, StandardCharsets.US_ASCII);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Test
    void handlersRunAndAnswer() throws IOException {
        List<String> came = new ArrayList<>();
        ActiveMessages.Endpoint[] server = new ActiveMessages.Endpoint[1];
        server[0] = messages[1].bind(7, "upper", (message, _, count, _) -> {
            byte[] answer = bytes(text(message, count).toUpperCase());
            try {
                server[0].answer(message, 9, answer, 0, answer.length);
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
            return true;
        });
        ActiveMessages.Endpoint client = messages[0].bind(9, "answers",
                (message, _, count, _) -> came.add(text(message, count)));
        for (String one : List.of("first", "", "x".repeat(1492))) {
            client.send(toB, 7, bytes(one), 0, one.length());
            carry();
        }
        assertEquals(List.of("FIRST", "", "X".repeat(1492)), came);
        client.send(toB, 8, bytes("nobody"), 0, 6);
        carry();
        assertEquals(new ActiveMessages.Counts(4, 1, 0, 3), messages[1].counts());
        assertThrows(IOException.class, () -> client.send(toB, 7, new byte[1493], 0, 1493));
        assertThrows(IOException.class, () -> client.send(new Peer("eth7", 1), 7, new byte[1], 0, 1));
        assertThrows(IOException.class, () -> client.send(toB, 0, new byte[1], 0, 1));
    }

    @Test
    void numbersAreTheirOwners() throws IOException {
        int[] seen = new int[1];
        PlainNode node = new PlainNode();
        PlainNetwork network = new PlainNetwork(new PlainGraph(), clock, new HostStrands(), new TcpEngine(),
                new NewReno());
        try (PlainMessages own = new PlainMessages(network, node)) {
            ActiveMessages.Endpoint first = own.bind(7, "first", (_, _, _, _) -> seen[0]++ >= 0);
            assertThrows(IOException.class, () -> own.bind(7, "second", (_, _, _, _) -> true));
            assertThrows(IOException.class, () -> new PlainMessages(network, new PlainNode()));
            assertThrows(IOException.class, () -> network.bindEthernet(0x800, "thief", (_, _, _) -> true));
            Packet forged = new PacketBuffer().wrap(new byte[64], 0, 64).packet();
            assertFalse(node.receive().received(forged, 7, 3, 0));
            assertThrows(IOException.class, () -> first.answer(forged, 7, new byte[1], 0, 1));
            assertEquals(0, seen[0]);
            first.close();
            own.bind(7, "third", (_, _, _, _) -> true);
        }
        network.bindEthernet(PlainMessages.TYPE, "next", (_, _, _) -> true).close();
        network.close();
    }

    @Test
    void noiseIsCountedAndNothingElse() throws IOException {
        messages[1].bind(1, "some", (message, _, count, _) -> text(message, count).length() == count);
        Random random = new Random(4);
        for (int i = 0; i < 20_000; i++) {
            byte[] frame = new byte[14 + random.nextInt(60)];
            random.nextBytes(frame);
            PacketBuffer b = new PacketBuffer().wrap(frame, 0, frame.length);
            b.put48(0, adapters[1].address);
            b.put16(12, PlainMessages.TYPE);
            if (frame.length > 22 && random.nextBoolean()) {
                Header.write(b, 14, 1 + random.nextInt(2), random.nextInt(40));
            }
            adapters[1].receiver.received(frame, 0, frame.length);
        }
        ActiveMessages.Counts counts = messages[1].counts();
        assertEquals(20_000, counts.received() + counts.damaged());
    }

    @Test
    void headersAreReadAsTheyWereWritten() {
        Random r = new Random(3);
        PacketBuffer b = new PacketBuffer().wrap(new byte[70_000], 0, 70_000);
        for (int i = 0; i < 1000; i++) {
            Header header = new Header(1 + r.nextInt(65535), r.nextInt(65536));
            int at = r.nextInt(20);
            Header.write(b, at, header.handler(), header.count());
            assertEquals(true, Header.valid(b.packet(), at));
            assertEquals(header, Header.of(b.packet(), at));
        }
    }
}
