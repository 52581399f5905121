package kernel.ext.net.provider;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import kernel.ext.net.api.IpAddress;
import kernel.ext.net.api.PacketBuffer;
import kernel.ext.net.api.header.Arp;
import kernel.ext.net.api.header.Ethernet;
import kernel.ext.net.api.header.Icmp;
import kernel.ext.net.api.header.Ipv4;
import kernel.ext.net.api.header.Icmp6;
import kernel.ext.net.api.header.Ipv6;
import kernel.ext.net.api.header.Tcp;
import kernel.ext.net.api.header.Udp;
import kernel.ext.net.api.tcp.TcpListening;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is written is read again; and no bytes whatever bring the stack down or make it keep a buffer. */
class ParsersTest {

    @Test
    void headersAreReadAsTheyWereWritten() {
        Random r = new Random(3);
        PacketBuffer b = new PacketBuffer().wrap(new byte[100], 0, 100);
        for (int i = 0; i < 2000; i++) {
            int at = r.nextInt(20);
            Ethernet e = new Ethernet(r.nextLong() & 0xFFFF_FFFF_FFFFL, r.nextLong() & 0xFFFF_FFFF_FFFFL,
                    r.nextInt(1 << 16));
            e.write(b, at);
            assertEquals(e, Ethernet.of(b.packet(), at));
            Arp arp = new Arp(1 + r.nextInt(2), r.nextLong() & 0xFFFF_FFFF_FFFFL, r.nextInt(),
                    r.nextLong() & 0xFFFF_FFFF_FFFFL, r.nextInt());
            arp.write(b, at);
            assertEquals(arp, Arp.of(b.packet(), at));
            Ipv4 ip = new Ipv4(r.nextInt(256), 20 + r.nextInt(60), r.nextInt(1 << 16), r.nextInt(1 << 15),
                    r.nextInt(256), r.nextInt(256), r.nextInt(), r.nextInt());
            ip.write(b, at);
            assertEquals(ip, Ipv4.of(b.packet(), at));
            assertEquals(true, Ipv4.valid(b.packet(), at));
            Ipv6 six = new Ipv6(r.nextInt(256), r.nextInt(1 << 20), r.nextInt(100 - at - Ipv6.LENGTH), r.nextInt(256),
                    r.nextInt(256), new IpAddress(r.nextLong(), r.nextLong()),
                    new IpAddress(r.nextLong(), r.nextLong()));
            six.write(b, at);
            assertEquals(six, Ipv6.of(b.packet(), at));
            assertEquals(true, Ipv6.valid(b.packet(), at));
            Icmp6 message = new Icmp6(r.nextInt(256), r.nextInt(256), r.nextInt());
            message.write(b, at, six.source(), six.destination());
            assertEquals(message, Icmp6.of(b.packet(), at));
            assertEquals(0, Icmp6.sum(b.packet(), at, 100 - at, six.source().high(), six.source().low(),
                    six.destination().high(), six.destination().low()));
            Udp udp = new Udp(r.nextInt(1 << 16), r.nextInt(1 << 16), r.nextInt(1 << 16), r.nextInt(1 << 16));
            udp.write(b, at);
            assertEquals(udp, Udp.of(b.packet(), at));
            Tcp tcp = new Tcp(r.nextInt(1 << 16), r.nextInt(1 << 16), r.nextInt(), r.nextInt(),
                    4 * (5 + r.nextInt(11)), r.nextInt(256), r.nextInt(1 << 16));
            tcp.write(b, at);
            assertEquals(tcp, Tcp.of(b.packet(), at));
            Icmp icmp = new Icmp(r.nextInt(256), r.nextInt(256), r.nextInt());
            icmp.write(b, at);
            assertEquals(icmp, Icmp.of(b.packet(), at));
            assertEquals(0, kernel.ext.net.api.Checksum.of(b.packet().sum(0, at, 100 - at)));
        }
    }

    static LongStream seeds() {
        return LongStream.range(0, 50);
    }

    /** Frames of a transfer, changed in a few places with checksums made right again here and there, and frames of noise. */
    @ParameterizedTest
    @MethodSource("seeds")
    void noFrameBringsItDown(long seed) {
        Simulation s = new Simulation(seed);
        s.keepFrames = true;
        Stack a = s.add(1500, 1 << 16);
        Stack b = s.add(1500, 1 << 16);
        Talker client = new Talker(s, a, 20_000, 1, 2, false);
        Talker server = new Talker(s, b, 20_000, 2, 1, false);
        TcpListening[] port = new TcpListening[1];
        port[0] = new TcpListening(IpAddress.ANY, 80, 8, () -> server::changed,
                () -> server.changed(port[0].ready.poll()));
        b.listen(port[0]);
        a.connect(Simulation.address(1), 80, client::changed, s.now);
        s.run(Simulation.SECOND / 10);
        Random r = new Random(seed);
        List<byte[]> frames = List.copyOf(s.frames);
        for (int i = 0; i < 3000; i++) {
            byte[] frame = frames.get(r.nextInt(frames.size())).clone();
            if (r.nextInt(8) == 0) {
                byte[] noise = new byte[r.nextInt(1600)];
                r.nextBytes(noise);
                System.arraycopy(frame, 0, noise, 0, Math.min(noise.length, r.nextInt(40)));
                frame = noise;
            }
            for (int k = r.nextInt(4); k > 0 && frame.length > 14; k--) {
                frame[14 + r.nextInt(Math.min(60, frame.length - 14))] = (byte) r.nextInt();
            }
            int length = r.nextInt(4) == 0 ? r.nextInt(frame.length + 1) : frame.length;
            if (frame.length >= 34 && r.nextInt(2) == 0) { // the IP header's checksum is right, so that more is looked at
                PacketBuffer p = new PacketBuffer().wrap(frame, 0, frame.length);
                p.put16(24, 0);
                int header = Math.min(frame.length - 14, Ipv4.headerLength(p.packet(), 14));
                p.put16(24, kernel.ext.net.api.Checksum.of(p.packet().sum(0, 14, header)));
            }
            s.stacks.get(r.nextInt(2)).frame(1, frame, 0, length, s.now);
            s.now += r.nextInt(1_000_000);
        }
        s.run(4000 * Simulation.SECOND);
        assertEquals(0, a.buffersTaken() + b.buffersTaken());
    }
}
