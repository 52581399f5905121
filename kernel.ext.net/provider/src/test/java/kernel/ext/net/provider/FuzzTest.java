package kernel.ext.net.provider;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import kernel.ext.net.api.Checksum;
import kernel.ext.net.api.IpAddress;
import kernel.ext.net.api.Packet;
import kernel.ext.net.api.PacketBuffer;
import kernel.ext.net.api.header.Icmp6;
import kernel.ext.net.api.header.Ipv4;
import kernel.ext.net.api.tcp.TcpListening;
import org.junit.jupiter.api.Test;

/**
 * Sequences of frames into two stacks that talk to each other, frames of a corpus and of their own talk, changed with checksums made
 * right again: nothing is thrown, nobody waits for ever, all buffers come back. The corpus is {@code frames.hex}, a frame a line.
 * {@code run/fuzz SECONDS} goes on with new seeds; a failure names its seed, {@code -Dspin.net.fuzz.seed} repeats it.
 */
class FuzzTest {

    private static final int FRAMES = 400;

    private final List<byte[]> corpus = corpus();

    static List<byte[]> corpus() {
        List<byte[]> all = new ArrayList<>();
        try (BufferedReader in = new BufferedReader(new InputStreamReader(
                FuzzTest.class.getResourceAsStream("frames.hex"), StandardCharsets.US_ASCII))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                if (!line.isBlank() && line.charAt(0) != '#') {
                    all.add(HexFormat.of().parseHex(line.strip().replaceAll("\\s+#.*", "")));
                }
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return all;
    }

    @Test
    void noSequenceBringsItDown() {
        long seconds = Long.getLong("spin.net.fuzz", 0);
        long one = Long.getLong("spin.net.fuzz.seed", -1);
        long seed = one >= 0 ? one : seconds > 0 ? System.currentTimeMillis() : 0;
        long end = System.nanoTime() + seconds * 1_000_000_000L;
        long runs = 0;
        for (long i = seed; runs < (one >= 0 ? 1 : 60) || one < 0 && System.nanoTime() < end; i++) {
            try {
                sequence(i);
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("-Dspin.net.fuzz.seed=" + i + ": " + e, e);
            }
            runs++;
        }
        System.out.println(runs + " sequences of " + FRAMES + " frames");
    }

    private void sequence(long seed) {
        Random r = new Random(seed);
        Simulation s = new Simulation(seed);
        s.keepFrames = true;
        Stack a = s.addBoth(1500, 1 << 16);
        Stack b = s.addBoth(r.nextBoolean() ? 1500 : 1280, 1 << 16);
        a.dhcp.start(a.links().get(1));
        b.advertise(1, IpAddress.parse("fd53::"), true, IpAddress.parse("fd00::2"));
        b.udp.bind(DhcpMessage.SERVER_PORT, "dhcp",
                new DhcpServer(b, 1, IpAddress.parse("10.0.0.1"), 60)::received);
        b.udp.bind(7, "echo", (_, _, _) -> true);
        b.forward(r.nextInt(4) == 0);
        a.redirects.obeyed = r.nextBoolean();
        b.redirects.obeyed = a.redirects.obeyed;
        TcpListening[] port = new TcpListening[1];
        port[0] = new TcpListening(IpAddress.ANY6, 80, 8, () -> _ -> {}, () -> port[0].ready.poll());
        b.listen(port[0]);
        s.run(2 * Simulation.SECOND);
        for (boolean six : new boolean[]{false, true}) {
            Talker client = new Talker(s, a, 5000, 1, 2, false);
            a.connect(six ? Simulation.address6(1) : Simulation.address(1), 80, client::changed, s.now);
        }
        s.run(Simulation.SECOND / 20);
        for (int i = 0; i < FRAMES; i++) {
            List<byte[]> from = r.nextInt(3) == 0 || s.frames.isEmpty() ? corpus : s.frames;
            byte[] frame = changed(r, from.get(r.nextInt(from.size())));
            s.stacks.get(r.nextInt(2)).frame(1, frame, 0, frame.length, s.now);
            if (r.nextInt(4) == 0) {
                s.run(r.nextInt(200) * Simulation.MS);
            }
        }
        a.down(1);
        b.down(1);
        s.run(4000 * Simulation.SECOND);
        assertEquals(0, a.buffersTaken() + b.buffersTaken());
        assertTrue(a.neighbours6.entries().size() + a.arp.entries().size() <= 2048);
    }

    private static byte[] changed(Random r, byte[] frame) {
        byte[] b = frame.clone();
        for (int k = r.nextInt(5); k > 0 && b.length > 14; k--) {
            int at = 12 + r.nextInt(Math.min(120, b.length - 12));
            b[at] = switch (r.nextInt(4)) {
                case 0 -> (byte) r.nextInt();
                case 1 -> (byte) (b[at] ^ 1 << r.nextInt(8));
                case 2 -> (byte) 0xFF;
                default -> 0;
            };
        }
        if (r.nextInt(6) == 0) {
            b = java.util.Arrays.copyOf(b, r.nextInt(b.length + 40));
        }
        if (r.nextInt(8) != 0) {
            repair(b);
        }
        return b;
    }

    /** Makes the checksums right, so that more is looked at. */
    static void repair(byte[] frame) {
        PacketBuffer b = new PacketBuffer().wrap(frame, 0, frame.length);
        Packet p = b.packet();
        if (frame.length >= 42 && p.u16(12) == 0x800) {
            int header = Math.min(Math.max(20, Ipv4.headerLength(p, 14)), frame.length - 14);
            b.put16(24, 0);
            b.put16(24, Checksum.of(p.sum(0, 14, header)));
            transport(b, 14 + header, Math.min(frame.length, 14 + p.u16(16)), p.u8(23),
                    0, IpAddress.mapped(p.i32(26)), 0, IpAddress.mapped(p.i32(30)));
        } else if (frame.length >= 62 && p.u16(12) == 0x86DD) {
            transport(b, 54, Math.min(frame.length, 54 + p.u16(18)), p.u8(20), p.i64(22), p.i64(30), p.i64(38),
                    p.i64(46));
        }
    }

    private static void transport(PacketBuffer b, int at, int end, int protocol, long sourceHigh, long sourceLow,
            long destinationHigh, long destinationLow) {
        int field = protocol == 6 ? 16 : protocol == 17 ? 6 : protocol == 1 || protocol == 58 ? 2 : -1;
        if (field < 0 || at + field + 2 > end) {
            return;
        }
        b.put16(at + field, 0);
        long sum = protocol == 1
                ? 0
                : Checksum.address(Checksum.address(0, sourceHigh, sourceLow), destinationHigh, destinationLow)
                        + protocol + end - at;
        b.put16(at + field, protocol == 58
                ? Icmp6.sum(b.packet(), at, end - at, sourceHigh, sourceLow, destinationHigh, destinationLow)
                : Checksum.of(b.packet().sum(sum, at, end - at)));
    }
}
