package kernel.ext.net.provider;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import kernel.ext.net.api.Checksum;
import kernel.ext.net.api.IpAddress;
import kernel.ext.net.api.Packet;
import kernel.ext.net.api.PacketBuffer;
import kernel.ext.net.api.header.Ethernet;
import kernel.ext.net.api.header.Icmp;
import kernel.ext.net.api.header.Ipv4;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Options of IPv4 at a router with a second network, and at a host. */
class Options4Test {

    private static final int PEER = Simulation.address(7).v4(), FAR = IpAddress.parse("192.0.2.9").v4();

    private final Simulation s = new Simulation(1);
    private final Stack stack = s.add(1500, 1 << 16);
    private final List<Packet> said = new ArrayList<>();
    private int small;

    @BeforeEach
    void twoNetworks() {
        small = stack.add("eth1", 0x77, 600, false, this::hear);
        stack.configure(small, IpAddress.parse("192.0.2.1"), 24);
        stack.forward(true);
        for (int link : new int[]{1, small}) { // both neighbours are there
            PacketBuffer arp = new PacketBuffer().wrap(new byte[42], 0, 42);
            Ethernet.write(arp, 0, Ethernet.BROADCAST, 0x99, Ethernet.ARP);
            new kernel.ext.net.api.header.Arp(1, 0x99, link == 1 ? PEER : FAR, 0,
                    link == 1 ? Simulation.address(0).v4() : IpAddress.parse("192.0.2.1").v4()).write(arp, 14);
            stack.frame(link, arp.bytes(), 0, 42, s.now);
        }
        s.keepFrames = true;
        said.clear();
    }

    private void hear(byte[] frame, int offset, int length) {
        Packet p = new PacketBuffer().wrap(java.util.Arrays.copyOfRange(frame, offset, offset + length), 0, length)
                .packet();
        if (Ethernet.type(p, 0) == Ethernet.IPV4) {
            said.add(p);
        }
    }

    /** An echo of so many bytes with options, in hexadecimal, comes by the first interface. */
    private void comes(int to, String options, int bytes) {
        byte[] all = HexFormat.of().parseHex(options.replace(" ", ""));
        int header = Ipv4.LENGTH + all.length;
        int length = 14 + header + Icmp.LENGTH + bytes;
        PacketBuffer b = new PacketBuffer().wrap(new byte[length], 0, length);
        Ethernet.write(b, 0, Simulation.hardware(0), 0x99, Ethernet.IPV4);
        PacketBuffer ip = new PacketBuffer().wrap(b.bytes(), 14, length - 14);
        Ipv4.write(ip, 0, 0, length - 14, 5, 0, 64 << 8 | Ipv4.ICMP, PEER, to);
        ip.put8(0, 0x40 | header / 4);
        for (int i = 0; i < all.length; i++) {
            ip.put8(Ipv4.LENGTH + i, all[i]);
        }
        ip.put16(10, 0);
        ip.put16(10, Checksum.of(ip.packet().sum(0, 0, header)));
        PacketBuffer message = new PacketBuffer().wrap(b.bytes(), 14 + header, length - 14 - header);
        new Icmp(Icmp.ECHO, 0, 7).write(message, 0);
        s.frames.clear();
        said.clear();
        stack.frame(1, b.bytes(), 0, length, s.now);
        s.frames.forEach(frame -> hear(frame, 0, frame.length));
    }

    /** Options of the n-th packet that was said, in hexadecimal; its header must be right. */
    private String options(int n) {
        Packet p = said.get(n);
        assertTrue(Ipv4.valid(p, 14));
        byte[] all = new byte[Ipv4.headerLength(p, 14) - Ipv4.LENGTH];
        p.copyTo(14 + Ipv4.LENGTH, all, 0, all.length);
        return HexFormat.of().formatHex(all);
    }

    private String icmp(int n) {
        Packet p = said.get(n);
        int at = 14 + Ipv4.headerLength(p, 14);
        return Icmp.type(p, at) + " " + Icmp.code(p, at) + " " + Integer.toHexString(Icmp.rest(p, at));
    }

    @Test
    void routesAreRecordedByWhoForwardsAndWhoAnswers() {
        comes(FAR, "070b04 00000000 00000000 00", 10);
        assertEquals("070b08c00002010000000000", options(0)); // where it leaves
        comes(Simulation.address(0).v4(), "01 070b08 c0000201 00000000", 10);
        assertEquals("070b0cc00002010a00000100", options(0));
        assertEquals("0 0 7", icmp(0));
        comes(FAR, "070b0c c0000201 0a000001 00", 10); // full
        assertEquals("070b0cc00002010a00000100", options(0));
        comes(FAR, "070b05 c0000201 0a000001 00", 10); // in the middle of an address: its own affair, within its bounds
        assertEquals("070b09c0c000020100000100", options(0));
    }

    @Test
    void timestampsAreAddedAsTheyAreAskedFor() {
        comes(FAR, "440c0500 00000000 00000000", 10);
        String time = Integer.toHexString((int) (s.now / 1_000_000) | 0x8000_0000);
        assertEquals("440c0900" + time + "00000000", options(0));
        comes(FAR, "440c0501 00000000 00000000", 10);
        assertEquals("440c0d01c0000201" + time, options(0));
        comes(FAR, "440c0503 c0000201 00000000", 10);
        assertEquals("440c0d03c0000201" + time, options(0));
        comes(FAR, "440c0503 c0000202 00000000", 10); // another is asked
        assertEquals("440c0503c000020200000000", options(0));
        comes(FAR, "440c0d01 c0000202 00000000", 10); // full: counted
        assertEquals("440c0d11c000020200000000", options(0));
        comes(FAR, "440c0df1 c0000202 00000000", 10); // as far as that goes
        assertEquals("440c0df1c000020200000000", options(0));
    }

    @Test
    void othersArePassedOverAndKept() {
        comes(FAR, "94040000", 10); // router alert, RFC 2113
        assertEquals("94040000", options(0));
        comes(Simulation.address(0).v4(), "94040000", 10);
        assertEquals("", options(0)); // nothing was recorded
        comes(FAR, "01010100", 10);
        assertEquals("01010100", options(0));
    }

    @Test
    void fragmentsBehindTheFirstHaveTheCopiedOnes() {
        comes(FAR, "070704 00000000 01 94040000", 1000);
        assertEquals(List.of("070708c00002010194040000", "94040000"), List.of(options(0), options(1)));
        assertEquals(2, said.size());
        int together = said.stream().mapToInt(p -> Ipv4.length(p, 14) - Ipv4.headerLength(p, 14)).sum();
        assertEquals(1000 + Icmp.LENGTH, together);
    }

    @Test
    void whatIsWrongIsTold() {
        for (int to : new int[]{FAR, Simulation.address(0).v4()}) {
            comes(to, "01 0700 00", 10); // too short
            assertEquals("12 0 16000000", icmp(0));
            comes(to, "0709 0400", 10); // too long
            assertEquals("12 0 15000000", icmp(0));
            comes(to, "00000007", 10); // behind the end nothing counts
            assertTrue(icmp(0).startsWith(to == FAR ? "8 " : "0 "), icmp(0));
            comes(to, "8307 04 0a000005 00", 10); // a route is wanted
            assertEquals("3 5 0", icmp(0));
            comes(to, "8907 04 0a000005 00", 10);
            assertEquals("3 5 0", icmp(0));
            comes(to, "8307 08 0a000005 00", 10); // at its end
            assertTrue(icmp(0).startsWith(to == FAR ? "8 " : "0 "), icmp(0));
        }
    }

    /** Nobody is told about what may be an error itself, and is none either. */
    @Test
    void icmpWithoutAMessageIsNotAnswered() {
        PacketBuffer b = new PacketBuffer().wrap(new byte[38], 0, 38);
        Ethernet.write(b, 0, Simulation.hardware(0), 0x99, Ethernet.IPV4);
        for (int ttl : new int[]{1, 64}) { // to be sent on, but at its end
            for (int options : new int[]{0x07090000, 0x01010101}) {
                PacketBuffer ip = new PacketBuffer().wrap(b.bytes(), 14, 24);
                Ipv4.write(ip, 0, 0, 24, 5, 0, ttl << 8 | Ipv4.ICMP, PEER, ttl == 1 ? FAR : Simulation.address(0).v4());
                ip.put8(0, 0x46);
                ip.put32(20, options);
                ip.put16(10, 0);
                ip.put16(10, Checksum.of(ip.packet().sum(0, 0, 24)));
                s.frames.clear();
                said.clear();
                stack.frame(1, b.bytes(), 0, 38, s.now);
                s.frames.forEach(frame -> hear(frame, 0, frame.length));
                assertEquals(List.of(), said);
            }
        }
    }

    @Test
    void noOptionsBringItDown() {
        Random random = new Random(3);
        for (int i = 0; i < 20_000; i++) {
            byte[] noise = new byte[4 * random.nextInt(11)];
            random.nextBytes(noise);
            for (int k = 0; k < noise.length; k += 1 + random.nextInt(6)) {
                noise[k] = new byte[]{7, 68, 1, 0, (byte) 131, 4, 5, 8, 12}[random.nextInt(9)];
            }
            comes(random.nextBoolean() ? FAR : Simulation.address(0).v4(), HexFormat.of().formatHex(noise),
                    random.nextInt(900));
            said.forEach(p -> assertTrue(Ipv4.valid(p, 14)));
            s.now += random.nextLong(20_000_000);
        }
        assertEquals(0, stack.buffersTaken());
    }
}
