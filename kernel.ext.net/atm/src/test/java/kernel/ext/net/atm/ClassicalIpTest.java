package kernel.ext.net.atm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import kernel.core.machine.Clock;
import kernel.ext.net.api.Atm;
import kernel.ext.net.api.AtmReceive;
import kernel.ext.net.api.IpAddress;
import kernel.ext.net.api.PacketBuffer;
import kernel.ext.net.api.header.LlcSnap;
import kernel.ext.net.api.tcp.Tcb;
import kernel.ext.net.api.tcp.TcpListening;
import kernel.ext.net.provider.PlainGraph;
import kernel.ext.net.provider.Stack;
import kernel.ext.net.tcp.NewReno;
import kernel.ext.net.tcp.TcpEngine;
import org.junit.jupiter.api.Test;

/** Two stacks at the ends of an ATM wire, in a time of their own. */
class ClassicalIpTest {

    private static final long SECOND = 1_000_000_000L;

    private long now = SECOND;
    private final Clock clock = new Clock() {
        @Override
        public long realTime() {
            return now;
        }

        @Override
        public long monotonicTime() {
            return now;
        }
    };
    private final TestAdapter[] adapters = TestAdapter.pair();
    private final Circuits[] circuits = {new Circuits(new PlainNode(), clock), new Circuits(new PlainNode(), clock)};
    private final ClassicalIp[] ip = new ClassicalIp[2];
    private final Stack[] stacks = new Stack[2];

    private void join(String a, String b) throws IOException {
        for (int i = 0; i < 2; i++) {
            circuits[i].add(adapters[i]);
            ip[i] = new ClassicalIp(circuits[i], adapters[i], List.of((i == 0 ? a : b).split(" ")), clock);
            stacks[i] = new Stack(new PlainGraph(), new TcpEngine(), new NewReno(), 77 + i, 1 << 18);
            Stack stack = stacks[i];
            int link = stack.add(ip[i]);
            ip[i].connect((packet, offset, length) -> stack.packet(link, packet, offset, length, now));
            stack.configure(link, IpAddress.parse("10.2.0." + (i + 1)), 24);
        }
    }

    /** Lets everything happen that does, for a while. */
    private void run(long time) {
        long end = now + time;
        while (now < end) {
            while (adapters[0].pump() | adapters[1].pump()) {
                now += 1000;
            }
            now = Math.max(now, Math.min(end, Math.min(stacks[0].nextDeadline(), stacks[1].nextDeadline())));
            stacks[0].poll(now);
            stacks[1].poll(now);
        }
    }

    private void transfers() {
        byte[] bytes = new byte[200_000];
        new Random(1).nextBytes(bytes);
        List<Tcb> accepted = new ArrayList<>();
        stacks[1].listen(new TcpListening(IpAddress.ANY, 9, 4, () -> accepted::add, () -> {}));
        Tcb tcb = stacks[0].connect(IpAddress.parse("10.2.0.2"), 9, _ -> {}, now);
        run(3 * SECOND);
        assertEquals(bytes.length, tcb.output.write(bytes, 0, bytes.length));
        stacks[0].push(tcb, now);
        byte[] came = new byte[bytes.length];
        int have = 0;
        for (int i = 0; i < 100 && have < came.length; i++) {
            run(SECOND / 10);
            have += accepted.getFirst().input.read(came, have, came.length - have);
            stacks[1].push(accepted.getFirst(), now);
        }
        org.junit.jupiter.api.Assertions.assertArrayEquals(bytes, came);
    }

    @Test
    void neighboursAreAskedFor() throws IOException {
        join("0.100", "0.100");
        transfers();
        assertTrue(ip[0].details().contains("circuit 0.100 to 10.2.0.2"), ip[0]::details);
        assertTrue(ip[1].details().contains("circuit 0.100 to 10.2.0.1"), ip[1]::details);
    }

    /** Nothing is sent again: what is there has waited. */
    @Test
    void theFirstPacketsWaitForTheAnswer() throws IOException {
        join("1.33:10.2.0.9 0.100", "0.100");
        List<Integer> came = new ArrayList<>();
        ip[1].connect((packet, offset, length) -> came.add((int) packet[offset]));
        byte[] packet = new byte[20];
        for (int i = 0; i < 10; i++) {
            packet[3] = (byte) i;
            ip[0].transmit(IpAddress.parse("10.2.0.2").v4(), packet, 3, 17);
        }
        assertEquals(List.of(), came);
        run(SECOND);
        assertEquals(List.of(2, 3, 4, 5, 6, 7, 8, 9), came); // the latest eight
        assertTrue(ip[0].details().endsWith("to nobody known 2"), ip[0]::details);
        for (int i = 0; i < 10; i++) { // who does not answer keeps nothing for ever
            ip[0].transmit(IpAddress.parse("10.2.0.77").v4(), packet, 3, 17);
        }
        run(SECOND);
        assertTrue(ip[0].details().endsWith("to nobody known 12"), ip[0]::details);
    }

    @Test
    void neighboursCanBeOrdered() throws IOException {
        join("1.33:10.2.0.9 0.100:10.2.0.2", "0.100:10.2.0.1");
        transfers();
    }

    @Test
    void onlyWhatIsOursIsTaken() throws IOException {
        join("0.100", "0.100");
        int[] seen = new int[1];
        Atm.Circuit own = circuits[0].open("atm0", 5, 55, "own", (packet, _, _) -> seen[0]++ >= 0);
        Atm.Circuit peer = circuits[1].open("atm1", 5, 55, "own", (_, _, _) -> true);
        assertThrows(IOException.class, () -> circuits[0].open("atm0", 5, 55, "thief", (_, _, _) -> true));
        assertThrows(IOException.class, () -> circuits[0].open("atm0", 0, 100, "thief", (_, _, _) -> true));
        assertThrows(IOException.class, () -> circuits[0].open("atm7", 0, 1, "nowhere", (_, _, _) -> true));
        peer.send(new byte[]{1, 2, 3}, 0, 3);
        run(SECOND);
        assertEquals(1, seen[0]);
        // a packet that no adapter brought is nobody's
        PlainNode node = new PlainNode();
        Circuits forged = new Circuits(node, clock);
        TestAdapter adapter = new TestAdapter("atm0");
        forged.add(adapter);
        Atm.Circuit circuit = forged.open("atm0", 0, 100, "own", (_, _, _) -> seen[0]++ >= 0);
        AtmReceive receive = node.receive();
        assertFalse(receive.received(new PacketBuffer().wrap(new byte[9], 0, 9).packet(), circuit.key(), now));
        own.close();
        peer.send(new byte[]{1, 2, 3}, 0, 3);
        run(SECOND);
        assertEquals(1, seen[0]);
        circuits[0].open("atm0", 5, 55, "next", (_, _, _) -> true).close();
    }

    @Test
    void noBytesWhateverBringItDown() throws IOException {
        join("0.100", "0.100");
        Random random = new Random(8);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = new byte[1 + random.nextInt(80)];
            random.nextBytes(bytes);
            if (random.nextBoolean() && bytes.length >= LlcSnap.LENGTH) {
                new LlcSnap(random.nextBoolean() ? 0x806 : 0x800).write(new PacketBuffer().wrap(bytes, 0,
                        bytes.length), 0);
                if (bytes.length > 16) {
                    bytes[8] = 0;
                    bytes[9] = 0x13;
                    bytes[10] = 8;
                    bytes[11] = 0;
                    bytes[16] = 4;
                }
            }
            adapters[0].transmit(0, 100, bytes, 0, bytes.length);
            adapters[0].pump();
            while (adapters[1].pump()) {
                // answers
            }
        }
        assertEquals(0, stacks[1].buffersTaken());
    }

    @Test
    void headersAreReadAsTheyWereWritten() {
        Random r = new Random(3);
        PacketBuffer b = new PacketBuffer().wrap(new byte[100], 0, 100);
        for (int i = 0; i < 1000; i++) {
            int at = r.nextInt(20);
            LlcSnap snap = new LlcSnap(r.nextInt(1 << 16));
            snap.write(b, at);
            assertTrue(LlcSnap.valid(b.packet(), at));
            assertEquals(snap, LlcSnap.of(b.packet(), at));
            InAtmArp arp = new InAtmArp(8 + r.nextInt(2), r.nextInt(), r.nextInt());
            arp.write(b, at);
            assertTrue(InAtmArp.valid(b.packet(), at));
            assertEquals(arp, InAtmArp.of(b.packet(), at));
        }
    }
}
