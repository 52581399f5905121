package kernel.ext.net.provider;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import kernel.ext.net.api.IpAddress;
import kernel.ext.net.api.Packet;
import kernel.ext.net.api.PacketBuffer;
import kernel.ext.net.api.header.Ethernet;
import kernel.ext.net.api.header.Icmp6;
import kernel.ext.net.api.header.Ipv6;
import kernel.ext.net.api.tcp.TcpListening;
import org.junit.jupiter.api.Test;

/** IPv6 between stacks: how addresses come about, neighbours and routers are found, what is too big, and who is not to be believed. */
class Ipv6Test {

    private static final IpAddress A = Simulation.address6(0), B = Simulation.address6(1);

    private final Simulation s = new Simulation(1);

    private Stack both() {
        Stack stack = s.addBoth(1500, 1 << 16);
        return stack;
    }

    private static Address6.State state(Stack stack, IpAddress address) {
        Address6 one = stack.links().get(1).six.find(address.high(), address.low());
        return one == null ? null : one.state;
    }

    private static IpAddress linkLocal(int n) {
        return IpAddress.parse("fe80::a00:2bff:fe00:" + (n + 1) + "%2");
    }

    /** What comes of an echo, {@code null} for nothing. */
    private String ping(Stack from, IpAddress to, int bytes) {
        String[] heard = new String[1];
        EchoListener listener = (what, _, rest, _) -> heard[0] = rest == 99 ? what : heard[0];
        from.icmp6.listen(listener);
        assertTrue(from.icmp6.ping(to, 64, 99, bytes, s.now));
        from.settle(s.now);
        s.run(10 * Simulation.SECOND);
        from.icmp6.forget(listener);
        return heard[0];
    }

    @Test
    void addressesAreUsedWhenNobodyElseHasThem() {
        Stack a = both();
        s.run(Simulation.SECOND / 2);
        assertEquals(Address6.State.TENTATIVE, state(a, A));
        assertNull(a.ip.sourceFor(B));
        s.run(Simulation.SECOND);
        assertEquals(Address6.State.PREFERRED, state(a, A));
        assertEquals(Address6.State.PREFERRED, state(a, linkLocal(0)));
        assertEquals(A, a.ip.sourceFor(B));
        assertEquals(linkLocal(0), a.ip.sourceFor(linkLocal(1)));
        assertEquals(IpAddress.LOOPBACK6, a.ip.sourceFor(IpAddress.LOOPBACK6));
    }

    @Test
    void anAddressThatSomebodyHasIsNotTaken() {
        Stack a = both();
        Stack b = both();
        s.run(2 * Simulation.SECOND);
        b.configure(1, A, 64);
        s.run(2 * Simulation.SECOND);
        assertEquals(Address6.State.DUPLICATE, state(b, A));
        assertEquals(Address6.State.PREFERRED, state(a, A));
    }

    @Test
    void twoWhoWantTheSameAddressAtTheSameTimeBothLeaveIt() {
        Stack a = both();
        Stack b = both();
        s.run(2 * Simulation.SECOND);
        IpAddress wanted = IpAddress.parse("fd00::77");
        a.configure(1, wanted, 64);
        b.configure(1, wanted, 64);
        s.run(2 * Simulation.SECOND);
        assertEquals(Address6.State.DUPLICATE, state(a, wanted));
        assertEquals(Address6.State.DUPLICATE, state(b, wanted));
    }

    @Test
    void echoesGoBothWaysInFragmentsToo() {
        Stack a = both();
        Stack b = both();
        s.run(2 * Simulation.SECOND);
        for (int bytes : new int[]{0, 56, 1452, 1453, 5000, 30000}) {
            assertEquals("reply", ping(a, B, bytes), "size " + bytes);
            assertEquals("reply", ping(b, A, bytes), "size " + bytes);
        }
        assertEquals("reply", ping(a, linkLocal(1), 56));
        assertEquals("reply", ping(a, IpAddress.LOOPBACK6, 56));
        assertEquals("reply", ping(a, A, 56));
        assertEquals("reply", ping(a, linkLocal(0), 56));
        assertEquals("reply", ping(a, IpAddress.parse("ff02::1%2"), 56));
        assertEquals("No route to host", ping(a, IpAddress.parse("fd00::99"), 56));
        assertEquals(0, a.buffersTaken() + b.buffersTaken());
    }

    @Test
    void aRouterGivesAddressesARouteAndAResolver() {
        Stack router = both();
        Stack host = s.add(1500, 1 << 16);
        host.enable6(1);
        router.advertise(1, IpAddress.parse("fd53::"), true, A);
        s.run(5 * Simulation.SECOND);
        IpAddress made = IpAddress.parse("fd53::a00:2bff:fe00:2");
        assertEquals(Address6.State.PREFERRED, state(host, made));
        assertEquals(made, host.ip.sourceFor(IpAddress.parse("2001:db8::1")));
        assertEquals(List.of(A), host.routers.resolvers());
        Routes.Route route = host.routes.find(0x2001_0db8L << 32, 1);
        assertEquals(linkLocal(0), route.gateway());
        // the router falls silent: what it said ends when it was said to
        router.advertisers.clear();
        s.run(1801 * Simulation.SECOND);
        assertNull(host.routes.find(0x2001_0db8L << 32, 1));
        assertEquals(List.of(), host.routers.resolvers());
        s.run(14400 * Simulation.SECOND);
        assertEquals(Address6.State.DEPRECATED, state(host, made));
        s.run(86400 * Simulation.SECOND);
        assertNull(state(host, made));
        assertEquals(0, host.buffersTaken());
    }

    @Test
    void theStackThatFollowsHasAddressesRoutersAndResolversAtOnce() {
        Stack router = both();
        both();
        router.forward(true);
        router.advertise(1, IpAddress.parse("fd53::"), true, A);
        s.run(10 * Simulation.SECOND);
        router.advertisers.clear(); // it says nothing any more
        s.replace(1);
        Stack after = s.stacks.get(1);
        IpAddress made = new IpAddress(IpAddress.parse("fd53::").high(), after.links().get(1).six.identifier());
        assertEquals(Address6.State.PREFERRED, state(after, made));
        assertEquals(Address6.State.PREFERRED, state(after, B));
        assertEquals(Address6.State.PREFERRED, state(after, linkLocal(1)));
        assertEquals(made, after.ip.sourceFor(IpAddress.parse("fd53::7")));
        IpAddress far = IpAddress.parse("2001:db8::1");
        assertEquals(linkLocal(0), after.routes.find(far.high(), far.low()).gateway());
        assertEquals(java.util.List.of(A), after.routers.resolvers());
        assertEquals("reply", ping(after, A, 56));
        s.run(100_000 * Simulation.SECOND); // what was told is over at the time that was told
        assertNull(after.routes.find(far.high(), far.low()));
    }

    @Test
    void aNeighbourThatIsReplacedIsFoundAnew() {
        Stack a = both();
        Stack b = both();
        s.run(2 * Simulation.SECOND);
        assertEquals("reply", ping(a, B, 56));
        assertEquals(Neighbours6.State.REACHABLE, a.neighbours6.find(B).state);
        b.down(1); // and another takes its address
        Stack c = s.add(1500, 1 << 16);
        c.enable6(1);
        c.configure(1, B, 64);
        s.run(60 * Simulation.SECOND);
        assertNull(ping(a, B, 56)); // it went to who is not there any more, which was found out
        assertEquals("reply", ping(a, B, 56));
        assertEquals(Simulation.hardware(2), a.neighbours6.find(B).hardware);
        c.down(1);
        s.run(60 * Simulation.SECOND);
        assertNull(ping(a, B, 56)); // its entry is stale: who is asked does not answer, and it is forgotten
        assertNull(a.neighbours6.find(B));
        assertEquals(0, a.buffersTaken());
    }

    @Test
    void theCacheOfNeighboursIsBoundedAndKeepsThoseThatAnswered() {
        Stack a = both();
        both();
        s.run(2 * Simulation.SECOND);
        assertEquals("reply", ping(a, B, 56));
        for (int i = 0; i < 5000; i++) {
            a.icmp6.ping(new IpAddress(A.high(), 0x10000 + i), 64, 1, 0, s.now);
        }
        assertTrue(a.neighbours6.entries().size() <= 1024);
        assertNotNull(a.neighbours6.find(B));
        s.run(10 * Simulation.SECOND);
        assertEquals(0, a.buffersTaken());
    }

    @Test
    void routersForwardAndSayWhatIsTooBig() {
        Stack a = both();
        Stack router = both();
        // a second wire behind the router, which carries less
        List<byte[]> there = new ArrayList<>();
        int narrow = router.add("eth1", 77, 1300, false, (frame, at, length) -> there
                .add(java.util.Arrays.copyOfRange(frame, at, at + length)));
        router.enable6(narrow);
        router.configure(narrow, IpAddress.parse("fd01::1"), 64);
        router.forward(true);
        s.run(2 * Simulation.SECOND);
        a.route(IpAddress.parse("fd01::"), 64, B);
        IpAddress far = IpAddress.parse("fd01::9");
        assertEquals(1460, a.ip.largest(far));
        a.icmp6.ping(far, 64, 99, 1400, s.now);
        s.run(Simulation.SECOND / 2);
        assertEquals(1260, a.ip.largest(far));
        assertEquals("time exceeded", expired(a, far));
        s.run(700 * Simulation.SECOND);
        assertEquals(1460, a.ip.largest(far)); // after ten minutes larger ones are tried again
        assertEquals(0, a.buffersTaken() + router.buffersTaken());
    }

    private String expired(Stack a, IpAddress far) {
        String[] heard = new String[1];
        a.icmp6.listen((what, _, _, _) -> heard[0] = what);
        a.icmp6.ping(far, 1, 7, 0, s.now);
        s.run(Simulation.SECOND);
        return heard[0];
    }

    @Test
    void aListenerOfBothFamiliesTakesBothAndOneOfIpv6AloneDoesNot() {
        Stack a = both();
        Stack b = both();
        s.run(2 * Simulation.SECOND);
        List<IpAddress> came = new ArrayList<>();
        TcpListening[] port = new TcpListening[2];
        port[0] = new TcpListening(IpAddress.ANY6, 80, 8, () -> _ -> {}, () -> came.add(port[0].ready.poll().remote));
        assertTrue(b.listen(port[0]));
        a.connect(B, 80, _ -> {}, s.now);
        a.connect(Simulation.address(1), 80, _ -> {}, s.now);
        s.run(Simulation.SECOND);
        assertEquals(List.of(A, Simulation.address(0)), came.stream().sorted((x, y) -> x.isV4() ? 1 : -1).toList());
        assertFalse(b.listen(new TcpListening(IpAddress.ANY, 80, 8, () -> _ -> {}, () -> {})));
        port[1] = new TcpListening(IpAddress.ANY6, true, 81, 8, () -> _ -> {}, () -> came.add(null));
        assertTrue(b.listen(port[1]));
        assertTrue(b.listen(new TcpListening(IpAddress.ANY, 81, 8, () -> _ -> {}, () -> {})));
    }

    /** A frame to a stack from nobody in particular, with a packet that a test makes. */
    private int answers(Stack to, IpAddress source, IpAddress destination, int next, int hops, byte[] payload) {
        PacketBuffer b = new PacketBuffer().wrap(new byte[54 + payload.length], 0, 54 + payload.length);
        Ethernet.write(b, 0, destination.isMulticast() ? 0x3333_0000_0001L : Simulation.hardware(0), 0x0200_0000_0099L,
                Ethernet.IPV6);
        new Ipv6(0, 0, payload.length, next, hops, source, destination).write(b, 14);
        b.put(54, payload, 0, payload.length);
        s.keepFrames = true;
        s.frames.clear();
        to.frame(1, b.bytes(), 0, b.length(), s.now);
        return (int) s.frames.stream().filter(f -> f.length > 54).count();
    }

    private static byte[] echo(IpAddress source, IpAddress destination) {
        PacketBuffer b = new PacketBuffer().wrap(new byte[8], 0, 8);
        new Icmp6(Icmp6.ECHO, 0, 5).write(b, 0, source, destination);
        return b.bytes();
    }

    @Test
    void packetsThatNobodyMaySendAreDropped() {
        Stack a = both();
        both();
        s.run(2 * Simulation.SECOND);
        IpAddress stranger = IpAddress.parse("fd00::99");
        a.neighbours6.heard(a.links().get(1), stranger, 0x0200_0000_0099L, true, s.now);
        assertEquals(1, answers(a, stranger, A, Ipv6.ICMP, 64, echo(stranger, A)));
        for (String forged : List.of("::1", "::ffff:10.0.0.2", "ff02::1", "fd00::1", "fe80:2::99")) {
            IpAddress source = IpAddress.parse(forged);
            assertEquals(0, answers(a, source, A, Ipv6.ICMP, 64, echo(source, A)), forged);
        }
        for (String forged : List.of("::1", "::ffff:10.0.0.1", "::", "fe80:2::a00:2bff:fe00:1")) {
            IpAddress destination = IpAddress.parse(forged);
            assertEquals(0, answers(a, stranger, destination, Ipv6.ICMP, 64, echo(stranger, destination)), forged);
        }
        assertEquals(0, a.buffersTaken());
    }

    @Test
    void neighboursAreBelievedFromTheLinkAlone() {
        Stack a = both();
        both();
        s.run(2 * Simulation.SECOND);
        IpAddress stranger = IpAddress.parse("fd00::99");
        PacketBuffer b = new PacketBuffer().wrap(new byte[32], 0, 32);
        Discovery.put(b, 8, A);
        Discovery.hardware(b, 24, Discovery.SOURCE_HARDWARE, 0x0200_0000_0099L);
        new Icmp6(Icmp6.NEIGHBOUR_SOLICITATION, 0, 0).write(b, 0, stranger, A);
        assertEquals(0, answers(a, stranger, A, Ipv6.ICMP, 254, b.bytes()));
        assertNull(a.neighbours6.find(stranger));
        assertEquals(1, answers(a, stranger, A, Ipv6.ICMP, 255, b.bytes()));
        assertEquals(0x0200_0000_0099L, a.neighbours6.find(stranger).hardware);
        b.put8(25, 0); // an option of no length
        new Icmp6(Icmp6.NEIGHBOUR_SOLICITATION, 0, 0).write(b, 0, stranger, A);
        assertEquals(0, answers(a, stranger, A, Ipv6.ICMP, 255, b.bytes()));
        b.put8(24, Discovery.TARGET_HARDWARE);
        b.put8(25, 1);
        new Icmp6(Icmp6.NEIGHBOUR_ADVERTISEMENT, 0, 0x2000_0000).write(b, 0, stranger, A);
        answers(a, stranger, A, Ipv6.ICMP, 255, b.bytes()); // somebody claims what is ours
        assertEquals(Address6.State.PREFERRED, state(a, A));
        assertEquals(1, a.counters.duplicates);
    }

    /** What a packet with these extension headers is answered with: type, code and pointer, or none. */
    private String told(Stack a, int next, int... bytes) {
        IpAddress stranger = IpAddress.parse("fd00::99");
        byte[] payload = new byte[bytes.length + 8];
        for (int i = 0; i < bytes.length; i++) {
            payload[i] = (byte) bytes[i];
        }
        System.arraycopy(echo(stranger, A), 0, payload, bytes.length, 8);
        if (answers(a, stranger, A, next, 64, payload) == 0) {
            return "nothing";
        }
        byte[] frame = s.frames.getFirst();
        Packet p = new PacketBuffer().wrap(frame, 0, frame.length).packet();
        return p.u8(54) + " " + p.u8(55) + (p.u8(54) < 128 ? " " + p.i32(58) : "");
    }

    @Test
    void extensionHeadersAreSkippedOrRefused() {
        Stack a = both();
        both();
        s.run(2 * Simulation.SECOND);
        a.neighbours6.heard(a.links().get(1), IpAddress.parse("fd00::99"), 0x0200_0000_0099L, true, s.now);
        String reply = "129 0";
        assertEquals(reply, told(a, Ipv6.ICMP));
        assertEquals(reply, told(a, Ipv6.HOP_BY_HOP, 58, 0, 1, 4, 0, 0, 0, 0));
        assertEquals(reply, told(a, Ipv6.DESTINATION, 58, 0, 0, 0, 0, 0, 0, 0));
        assertEquals(reply, told(a, Ipv6.DESTINATION, 58, 0, 0x1E, 4, 0, 0, 0, 0)); // not known: skipped
        assertEquals("nothing", told(a, Ipv6.DESTINATION, 58, 0, 0x5E, 4, 0, 0, 0, 0)); // not known: dropped
        assertEquals("4 2 42", told(a, Ipv6.DESTINATION, 58, 0, 0x9E, 4, 0, 0, 0, 0)); // not known: told
        assertEquals("4 2 42", told(a, Ipv6.DESTINATION, 58, 0, 0xDE, 4, 0, 0, 0, 0));
        assertEquals("nothing", told(a, Ipv6.DESTINATION, 58, 0, 1, 9, 0, 0, 0, 0)); // an option beyond its header
        assertEquals("nothing", told(a, Ipv6.DESTINATION, 58, 9, 1, 4, 0, 0, 0, 0)); // a header beyond its packet
        assertEquals(reply, told(a, Ipv6.ROUTING, 58, 0, 0, 0, 0, 0, 0, 0));
        assertEquals("4 0 42", told(a, Ipv6.ROUTING, 58, 0, 0, 1, 0, 0, 0, 0)); // segments are left
        assertEquals("4 1 40", told(a, Ipv6.DESTINATION, 0, 0, 1, 4, 0, 0, 0, 0, 58, 0, 1, 4, 0, 0, 0, 0));
        assertEquals("4 1 6", told(a, 200)); // a protocol that nobody knows
        assertEquals("nothing", told(a, Ipv6.NONE));
        assertEquals(reply, told(a, Ipv6.FRAGMENT, 58, 0, 0, 0, 0, 0, 0, 1)); // whole in one fragment
        assertEquals("4 0 4", told(a, Ipv6.FRAGMENT, 58, 0, 0, 1, 0, 0, 0, 1, 128)); // not a multiple of eight
        assertEquals("4 0 42", told(a, Ipv6.FRAGMENT, 58, 0, 0xFF, 0xF8, 0, 0, 0, 1)); // beyond what a packet can be
        assertEquals("4 3 0", told(a, Ipv6.FRAGMENT, 60, 0, 0, 1, 0, 0, 0, 1)); // its headers are not all in the first
        int[] chain = new int[72];
        for (int i = 0; i < 9; i++) {
            chain[8 * i] = i < 8 ? 60 : 58;
            chain[8 * i + 2] = 1;
            chain[8 * i + 3] = 4;
        }
        assertEquals("nothing", told(a, Ipv6.DESTINATION, chain)); // too many
        assertEquals(0, a.buffersTaken());
    }

    @Test
    void whoForgesTooBigDoesNotMakePacketsSmallerThanAnyLinkCarries() {
        Stack a = both();
        both();
        s.run(2 * Simulation.SECOND);
        IpAddress stranger = IpAddress.parse("fd00::99");
        for (int mtu : new int[]{0, 68, 1279, 1280}) {
            PacketBuffer b = new PacketBuffer().wrap(new byte[56], 0, 56);
            new Ipv6(0, 0, 8, 17, 64, A, B).write(b, 8);
            new Icmp6(Icmp6.TOO_BIG, 0, mtu).write(b, 0, stranger, A);
            answers(a, stranger, A, Ipv6.ICMP, 64, b.bytes());
            assertEquals(mtu < 1280 ? 1460 : 1240, a.ip.largest(B), "mtu " + mtu);
        }
        PacketBuffer b = new PacketBuffer().wrap(new byte[56], 0, 56);
        new Ipv6(0, 0, 8, 17, 64, stranger, B).write(b, 8); // about a packet that is not ours
        new Icmp6(Icmp6.TOO_BIG, 0, 1300).write(b, 0, stranger, A);
        answers(a, stranger, A, Ipv6.ICMP, 64, b.bytes());
        assertEquals(1, a.pathMtus.count());
    }
}
