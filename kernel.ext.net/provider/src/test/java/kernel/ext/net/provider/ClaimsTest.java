package kernel.ext.net.provider;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import kernel.ext.net.api.IpAddress;
import kernel.ext.net.api.Network;
import kernel.ext.net.api.PacketBuffer;
import kernel.ext.net.api.header.Arp;
import kernel.ext.net.api.header.Ethernet;
import kernel.ext.net.api.header.Icmp;
import kernel.ext.net.api.header.Ipv4;
import org.junit.jupiter.api.Test;

/** Addresses of IPv4 that somebody else has (RFC 5227), and better ways that routers tell of. */
class ClaimsTest {

    private final Simulation s = new Simulation(5);

    private static String state(Stack stack) {
        return Tables.addresses(stack).stream().filter(one -> one.by().equals("eth0") && one.address().isV4())
                .map(one -> one.address() + " " + one.state()).findFirst().orElse("none");
    }

    private List<Arp> said(boolean probes) {
        List<Arp> all = new ArrayList<>();
        for (byte[] frame : s.frames) {
            PacketBuffer b = new PacketBuffer().wrap(frame, 0, frame.length);
            if (Ethernet.type(b.packet(), 0) == Ethernet.ARP) {
                Arp arp = Arp.of(b.packet(), Ethernet.LENGTH);
                if (arp.operation() == Arp.REQUEST && (probes ? arp.sender() == 0 : arp.sender() == arp.target())) {
                    all.add(arp);
                }
            }
        }
        return all;
    }

    @Test
    void anAddressIsAskedForThreeTimesAndSaidThen() {
        s.keepFrames = true;
        Stack a = s.add(1500, 1 << 16);
        s.run(3 * Simulation.SECOND);
        int early = said(true).size();
        assertTrue(early >= 1 && early <= 3, () -> "within three seconds: " + early);
        s.run(60 * Simulation.SECOND);
        assertEquals(3, said(true).size());
        said(true).forEach(one -> assertEquals(Simulation.address(0).v4(), one.target()));
        assertEquals(3, said(false).size()); // at once, and twice when it was asked for
        assertEquals("10.0.0.1 preferred", state(a));
    }

    /** With {@code waits}: of what is said until it is used nothing is but probes. */
    @Test
    void anAddressIsNotUsedBeforeItWasAskedForIfThatIsWished() {
        Stack b = s.add(1500, 1 << 16);
        s.run(20 * Simulation.SECOND);
        Stack a = s.add(1500, 1 << 16);
        a.claims.waits = true;
        s.keepFrames = true;
        a.configure(1, IpAddress.parse("10.0.0.77"), 24);
        assertEquals("10.0.0.77 tentative", state(a));
        List<String> answers = new ArrayList<>();
        a.icmp.listen((what, from, _, _) -> answers.add(what + " " + from));
        a.icmp.ping(Simulation.address(0), 64, 1, 100, s.now);
        a.icmp.ping(IpAddress.parse("10.0.0.255"), 64, 1, 100, s.now); // is not worth waiting
        a.settle(s.now);
        b.icmp.ping(IpAddress.parse("10.0.0.77"), 64, 2, 100, s.now); // who asks for it is not answered
        s.run(3 * Simulation.SECOND);
        assertEquals(List.of(), said(false));
        assertTrue(s.frames.stream().map(frame -> new PacketBuffer().wrap(frame, 0, frame.length).packet())
                .noneMatch(p -> Ethernet.source(p, 0) == Simulation.hardware(1)
                        && (Ethernet.type(p, 0) == Ethernet.IPV4 || Arp.of(p, Ethernet.LENGTH).sender() != 0)));
        assertEquals(List.of(), answers);
        s.run(7 * Simulation.SECOND);
        assertEquals("10.0.0.77 preferred", state(a));
        assertEquals(List.of("reply 10.0.0.1"), answers);
        assertEquals(3, said(true).size());
        assertEquals(2, said(false).size());
        assertEquals(0, a.buffersTaken() + b.buffersTaken());
    }

    @Test
    void whatIsAskedForAndSomebodyElsesWasNeverUsed() {
        Stack first = s.add(1500, 1 << 16);
        Stack second = s.add(1500, 1 << 16);
        Stack third = s.add(1500, 1 << 16);
        s.run(20 * Simulation.SECOND);
        second.claims.waits = true;
        third.claims.waits = true;
        second.configure(1, Simulation.address(0), 24);
        second.icmp.ping(Simulation.address(2), 64, 1, 100, s.now);
        s.run(20 * Simulation.SECOND);
        assertEquals("10.0.0.1 duplicate", state(second));
        assertEquals(0, first.counters.arpConflicts); // who has it has not seen anything but questions
        assertEquals(0, second.buffersTaken());
        IpAddress wanted = IpAddress.parse("10.0.0.88");
        second.configure(1, wanted, 24); // both want it at the same time: one has it at most
        third.configure(1, wanted, 24);
        s.run(20 * Simulation.SECOND);
        assertTrue(List.of(state(second), state(third)).contains("10.0.0.88 duplicate"));
    }

    @Test
    void whoComesLaterGivesItUp() {
        Stack first = s.add(1500, 1 << 16);
        Stack second = s.add(1500, 1 << 16);
        s.run(20 * Simulation.SECOND);
        second.configure(1, Simulation.address(0), 24);
        s.run(20 * Simulation.SECOND);
        assertEquals("10.0.0.1 duplicate", state(second));
        assertNull(second.routes.find(Simulation.address(0).v4()));
        assertEquals("10.0.0.1 preferred", state(first));
        assertTrue(first.counters.arpConflicts > 0);
        second.configure(1, Simulation.address(1), 24); // another one is tried
        s.run(20 * Simulation.SECOND);
        assertEquals("10.0.0.2 preferred", state(second));
    }

    private void claim(Stack at, int address) {
        PacketBuffer b = new PacketBuffer().wrap(new byte[42], 0, 42);
        Ethernet.write(b, 0, Ethernet.BROADCAST, 0x99, Ethernet.ARP);
        new Arp(Arp.REQUEST, 0x99, address, 0, address).write(b, Ethernet.LENGTH);
        at.frame(1, b.bytes(), 0, 42, s.now);
    }

    @Test
    void itIsDefendedOnceInTenSecondsAndKept() {
        Stack a = s.add(1500, 1 << 16);
        s.run(20 * Simulation.SECOND);
        s.keepFrames = true;
        for (int i = 0; i < 30; i++) { // for fifteen seconds
            claim(a, Simulation.address(0).v4());
            s.run(Simulation.SECOND / 2);
        }
        assertEquals(2, said(false).size());
        assertEquals("10.0.0.1 preferred", state(a));
    }

    @Test
    void whatIsLentIsDeclinedIfSomebodyHasIt() {
        Stack server = s.add(1500, 1 << 16);
        Stack host = s.add(1500, 1 << 16);
        Stack other = s.add(1500, 1 << 16);
        s.run(20 * Simulation.SECOND);
        List<Integer> kinds = new ArrayList<>();
        DhcpServer dhcp = new DhcpServer(server, 1, Simulation.address(2), 1000);
        server.udp.bind(DhcpMessage.SERVER_PORT, "dhcp", (packet, port, now) -> {
            byte[] bytes = new byte[packet.end() - packet.transport() - 8];
            packet.copyTo(packet.transport() + 8, bytes, 0, bytes.length);
            kinds.add(DhcpMessage.read(bytes).kind());
            return dhcp.received(packet, port, now);
        });
        Link link = host.links().get(1);
        host.routes.remove(link);
        link.prefix = -1;
        link.address = 0;
        host.automatic(1);
        s.run(5 * Simulation.SECOND);
        assertTrue(kinds.contains(DhcpMessage.DECLINE), kinds::toString);
        assertEquals(-1, link.prefix);
        assertEquals("10.0.0.3 preferred", state(other));
        assertEquals(0, s.stacks.stream().mapToInt(Stack::buffersTaken).sum());
    }

    @Test
    void aRedirectIsSentAndObeyedIfThatIsWished() {
        Stack host = s.add(1500, 1 << 16);
        Stack router = s.add(1500, 1 << 16);
        Stack near = s.add(1500, 1 << 16);
        IpAddress far = IpAddress.parse("192.0.2.1");
        int to = near.add("eth1", 0x77, 1500, false, (_, _, _) -> {});
        near.configure(to, far, 24);
        router.forward(true);
        near.forward(true);
        router.route(IpAddress.parse("192.0.2.0"), 24, Simulation.address(2));
        host.route(IpAddress.ANY, 0, Simulation.address(1));
        s.run(20 * Simulation.SECOND);
        for (boolean obeys : new boolean[]{false, true}) {
            host.redirects.obeyed = obeys;
            List<String> answers = new ArrayList<>();
            EchoListener listener = (what, from, _, _) -> answers.add(what + " " + from);
            host.icmp.listen(listener);
            long before = router.counters.redirectsSent;
            host.icmp.ping(far, 64, 1, 100, s.now);
            s.run(Simulation.SECOND);
            assertEquals(List.of("reply 192.0.2.1"), answers); // it is sent on all the same
            assertEquals(before + 1, router.counters.redirectsSent);
            assertEquals(obeys ? Simulation.address(2) : Simulation.address(1), host.routes.find(far.v4()).gateway());
            host.icmp.forget(listener);
        }
        host.icmp.ping(far, 64, 1, 100, s.now);
        s.run(Simulation.SECOND);
        assertEquals(2, router.counters.redirectsSent); // it is not asked any more
        s.run(700 * Simulation.SECOND);
        assertEquals(Simulation.address(1), host.routes.find(far.v4()).gateway());
        assertEquals(0, s.stacks.stream().mapToInt(Stack::buffersTaken).sum());
    }

    @Test
    void aRedirectThatTheRouterInUseCannotHaveSentIsIgnored() {
        Stack host = s.add(1500, 1 << 16);
        host.redirects.obeyed = true;
        host.route(IpAddress.ANY, 0, Simulation.address(1));
        int far = IpAddress.parse("192.0.2.1").v4();
        int[][] wrong = { // from, better way, source of the packet that it is about, its destination
                {Simulation.address(2).v4(), Simulation.address(3).v4(), Simulation.address(0).v4(), far},
                {Simulation.address(1).v4(), IpAddress.parse("10.9.9.9").v4(), Simulation.address(0).v4(), far},
                {Simulation.address(1).v4(), Simulation.address(3).v4(), Simulation.address(4).v4(), far},
                {Simulation.address(1).v4(), Simulation.address(0).v4(), Simulation.address(0).v4(), far},
                {Simulation.address(1).v4(), IpAddress.parse("10.0.0.255").v4(), Simulation.address(0).v4(), far},
                {Simulation.address(1).v4(), Simulation.address(3).v4(), Simulation.address(0).v4(),
                        Simulation.address(5).v4()}};
        for (int[] one : wrong) {
            redirect(host, one);
        }
        assertEquals(wrong.length, host.counters.redirectsIgnored);
        assertEquals(Simulation.address(1), host.routes.find(far).gateway());
        for (int i = 0; i < 200; i++) { // many good ones: no more than 64 are remembered
            redirect(host, new int[]{Simulation.address(1).v4(), Simulation.address(3).v4(),
                    Simulation.address(0).v4(), far + i});
        }
        assertEquals(64, host.routes.all().stream().filter(Routes.Route::advertised).count());
        assertEquals(Simulation.address(3), host.routes.find(far + 199).gateway());
        List<Network.Route> shown = Tables.routes(host);
        assertTrue(shown.size() > 64, shown::toString);
    }

    private void redirect(Stack host, int[] of) {
        int length = Ethernet.LENGTH + 20 + Icmp.LENGTH + 28;
        PacketBuffer b = new PacketBuffer().wrap(new byte[length], 0, length);
        Ethernet.write(b, 0, Simulation.hardware(0), Simulation.hardware(1), Ethernet.IPV4);
        Ipv4.write(b, Ethernet.LENGTH, 0, length - Ethernet.LENGTH, 1, 0, 64 << 8 | Ipv4.ICMP, of[0],
                Simulation.address(0).v4());
        int at = Ethernet.LENGTH + 20;
        Ipv4.write(b, at + Icmp.LENGTH, 0, 28, 1, 0, 63 << 8 | Ipv4.UDP, of[2], of[3]);
        PacketBuffer message = new PacketBuffer().wrap(b.bytes(), at, length - at);
        new Icmp(Icmp.REDIRECT, Icmp.HOST, of[1]).write(message, 0);
        host.frame(1, b.bytes(), 0, length, s.now);
    }
}
