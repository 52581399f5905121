package kernel.ext.net.provider;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import kernel.ext.net.api.IpAddress;
import kernel.ext.net.api.Packet;
import kernel.ext.net.api.PacketBuffer;
import kernel.ext.net.api.header.Ethernet;
import kernel.ext.net.api.header.Icmp6;
import kernel.ext.net.api.header.Ipv6;
import org.junit.jupiter.api.Test;

/** Groups are told to routers and switches (RFC 3810, RFC 2710). */
class Groups6Test {

    private static final IpAddress ROUTER = IpAddress.parse("fe80::99");

    private final Simulation s = new Simulation(5);
    private final Stack stack = s.addBoth(1500, 1 << 16);

    /** The reports that were sent since the last call: kind of the record, or type of the message, and group. */
    private List<String> reports() {
        List<String> all = new ArrayList<>();
        for (byte[] frame : s.frames) {
            Packet p = new PacketBuffer().wrap(frame, 0, frame.length).packet();
            if (p.u16(12) != Ethernet.IPV6 || p.u8(20) != Ipv6.HOP_BY_HOP) {
                continue;
            }
            assertEquals(1, p.u8(21), "hops");
            assertEquals(0x3A00_0502_0000_0100L, p.i64(54), "router alert");
            assertEquals(0, Icmp6.sum(p, 62, frame.length - 62, p.i64(22), p.i64(30), p.i64(38), p.i64(46)));
            if (p.u8(62) != Groups6.REPORT2) {
                all.add(p.u8(62) + " " + new IpAddress(p.i64(70), p.i64(78)));
                continue;
            }
            assertEquals(0x3333_0000_0016L, p.u48(0));
            for (int i = 0; i < p.u16(68); i++) {
                all.add(p.u8(70 + 20 * i) + " " + new IpAddress(p.i64(74 + 20 * i), p.i64(82 + 20 * i)));
            }
        }
        s.frames.clear();
        return all.stream().sorted().distinct().toList();
    }

    private void query(int length, int delay) {
        PacketBuffer b = new PacketBuffer().wrap(new byte[62 + length], 0, 62 + length);
        Ethernet.write(b, 0, 0x3333_0000_0001L, 0x0200_0000_0099L, Ethernet.IPV6);
        IpAddress all = IpAddress.parse("ff02::1");
        new Ipv6(0, 0, 8 + length, Ipv6.HOP_BY_HOP, 1, ROUTER, all).write(b, 14);
        b.put64(54, 0x3A00_0502_0000_0100L);
        b.prepend(-62);
        new Icmp6(Groups6.QUERY, 0, delay << 16).write(b, 0, ROUTER, all);
        stack.frame(1, b.bytes(), 0, b.bytes().length, s.now);
    }

    @Test
    void membershipIsToldWhenItBeginsWhenItIsAskedForAndWhenItEnds() {
        s.keepFrames = true;
        s.run(5 * Simulation.SECOND);
        String own = "ff02::1:ff00:1"; // of both addresses
        assertEquals(List.of("4 " + own), reports());
        query(28, 1000);
        s.run(Simulation.SECOND);
        assertEquals(List.of("2 " + own), reports());
        stack.configure(1, IpAddress.parse("fd00::77:8899"), 64);
        s.run(5 * Simulation.SECOND);
        assertEquals(List.of("4 ff02::1:ff77:8899"), reports());
        query(28, 0x8000); // the time as a floating number
        s.run(130 * Simulation.SECOND);
        assertEquals(List.of("2 " + own, "2 ff02::1:ff77:8899"), reports());
        assertTrue(stack.links().get(1).six.remove(IpAddress.parse("fd00::77:8899")));
        s.run(5 * Simulation.SECOND);
        assertEquals(List.of("3 ff02::1:ff77:8899"), reports());
        assertEquals(0, stack.buffersTaken());
    }

    @Test
    void routersOfTheOlderKindAreAnsweredSo() {
        s.run(5 * Simulation.SECOND);
        s.keepFrames = true;
        query(24, 500);
        s.run(Simulation.SECOND);
        assertEquals(List.of("131 ff02::1:ff00:1"), reports());
        stack.configure(1, IpAddress.parse("fd00::77:8899"), 64);
        s.run(5 * Simulation.SECOND);
        assertEquals(List.of("131 ff02::1:ff77:8899"), reports());
        assertTrue(stack.links().get(1).six.remove(IpAddress.parse("fd00::77:8899")));
        s.run(5 * Simulation.SECOND);
        assertEquals(List.of("132 ff02::1:ff77:8899"), reports());
        s.run(300 * Simulation.SECOND); // it has gone
        query(28, 100);
        s.run(Simulation.SECOND);
        assertEquals(List.of("2 ff02::1:ff00:1"), reports());
    }

    @Test
    void whoIsNotOnTheLinkIsNotAnswered() {
        s.run(5 * Simulation.SECOND);
        long damaged = stack.counters.damaged;
        for (int length : new int[]{8, 20, 25}) {
            query(length, 10);
        }
        assertEquals(damaged + 3, stack.counters.damaged);
    }
}
