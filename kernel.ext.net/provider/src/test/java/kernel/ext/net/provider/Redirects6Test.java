package kernel.ext.net.provider;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import kernel.ext.net.api.IpAddress;
import kernel.ext.net.api.PacketBuffer;
import kernel.ext.net.api.header.Ethernet;
import kernel.ext.net.api.header.Icmp6;
import kernel.ext.net.api.header.Ipv6;
import org.junit.jupiter.api.Test;

/** Redirects of IPv6: told to whom they help, obeyed if that is wished, believed of the router in use alone, forgotten if they lead nowhere. */
class Redirects6Test {

    private static final IpAddress FAR = IpAddress.parse("fd99::1");

    private final Simulation s = new Simulation(1);
    private final Stack host = s.addBoth(1500, 1 << 16);

    private static IpAddress linkLocal(int n) {
        return IpAddress.parse("fe80::a00:2bff:fe00:" + (n + 1) + "%2");
    }

    private IpAddress way(IpAddress to) {
        return host.routes.find(to.high(), to.low()).gateway();
    }

    private List<String> ping(IpAddress to) {
        List<String> answers = new ArrayList<>();
        EchoListener listener = (what, from, _, _) -> answers.add(what + " " + from);
        host.icmp6.listen(listener);
        host.icmp6.ping(to, 64, 1, 100, s.now);
        s.run(5 * Simulation.SECOND);
        host.icmp6.forget(listener);
        return answers;
    }

    @Test
    void aBetterRouterIsToldOfAndUsedIfThatIsWished() {
        Stack router = s.addBoth(1500, 1 << 16);
        Stack near = s.addBoth(1500, 1 << 16);
        int to = near.add("eth1", 0x77, 1500, false, (_, _, _) -> {});
        near.enable6(to);
        near.configure(to, FAR, 64);
        router.forward(true);
        near.forward(true);
        s.run(5 * Simulation.SECOND);
        router.route(IpAddress.parse("fd99::"), 64, linkLocal(2));
        host.route(IpAddress.parse("fd99::"), 16, linkLocal(1));
        for (boolean obeys : new boolean[]{false, true}) {
            host.redirects.obeyed = obeys;
            long before = router.counters.redirectsSent;
            assertEquals(List.of("reply " + FAR), ping(FAR)); // it is sent on all the same
            assertEquals(before + 1, router.counters.redirectsSent);
            assertEquals(obeys ? linkLocal(2) : linkLocal(1), way(FAR));
        }
        assertEquals(List.of("reply " + FAR), ping(FAR));
        assertEquals(2, router.counters.redirectsSent); // it is not asked any more
        assertEquals(1, host.counters.redirectsIgnored);
        near.down(1); // who was better is gone: the router before is asked again
        for (int i = 0; i < 60 && !linkLocal(1).equals(way(FAR)); i++) {
            ping(FAR);
        }
        assertEquals(linkLocal(1), way(FAR));
        assertEquals(0, s.stacks.stream().mapToInt(Stack::buffersTaken).sum());
    }

    @Test
    void aNeighbourIsToldOfAndKnownForTenMinutes() {
        Stack router = s.addBoth(1500, 1 << 16);
        Stack near = s.addBoth(1500, 1 << 16);
        router.forward(true);
        near.configure(1, IpAddress.parse("fd98::2"), 128); // nobody but the router knows that it is near
        s.run(5 * Simulation.SECOND);
        near.route(IpAddress.parse("fd00::"), 8, linkLocal(1));
        router.route(IpAddress.parse("fd98::"), 64, linkLocal(2));
        host.route(IpAddress.parse("fd98::"), 16, linkLocal(1));
        host.redirects.obeyed = true;
        IpAddress to = IpAddress.parse("fd98::2");
        assertEquals(List.of("reply " + to), ping(to));
        assertEquals(linkLocal(2), way(to));
        s.run(700 * Simulation.SECOND);
        assertEquals(linkLocal(1), way(to));
        assertEquals(0, s.stacks.stream().mapToInt(Stack::buffersTaken).sum());
    }

    @Test
    void whatTheRouterInUseCannotHaveSentIsIgnored() {
        s.run(5 * Simulation.SECOND);
        host.redirects.obeyed = true;
        host.route(IpAddress.parse("fd99::"), 16, linkLocal(1));
        IpAddress router = linkLocal(1);
        IpAddress better = linkLocal(2);
        redirect(linkLocal(3), better, FAR, 255); // another neighbour
        redirect(IpAddress.parse("fd00::77"), better, FAR, 255); // not by its address of the link
        redirect(router, IpAddress.parse("fd55::1"), FAR, 255); // not to an address of the link
        redirect(router, linkLocal(0), FAR, 255); // to ourselves
        redirect(router, router, FAR, 255);
        redirect(router, better, Simulation.address6(0), 255); // about ourselves
        redirect(router, better, IpAddress.parse("ff0e::1"), 255);
        redirect(router, better, Simulation.address6(5), 255); // of whom we ask no router
        assertEquals(8, host.counters.redirectsIgnored);
        redirect(router, better, FAR, 254); // from beyond the link
        assertEquals(1, host.counters.damaged);
        assertEquals(router, way(FAR));
        for (int i = 0; i < 200; i++) { // many good ones: no more than 64 are remembered
            redirect(router, better, new IpAddress(FAR.high(), FAR.low() + i), 255);
        }
        assertEquals(64, host.routes.all().stream().filter(one -> one.advertised() && one.prefix() == 128).count());
        assertEquals(better, way(new IpAddress(FAR.high(), FAR.low() + 199)));
        assertEquals(8, host.counters.redirectsIgnored);
    }

    private void redirect(IpAddress from, IpAddress better, IpAddress about, int hops) {
        int length = Ethernet.LENGTH + Ipv6.LENGTH + 40;
        PacketBuffer b = new PacketBuffer().wrap(new byte[length], 0, length);
        Ethernet.write(b, 0, Simulation.hardware(0), Simulation.hardware(1), Ethernet.IPV6);
        IpAddress to = linkLocal(0);
        Ipv6.write(b, Ethernet.LENGTH, 0, 40, Ipv6.ICMP << 8 | hops, IpAddress.wire(from.high()), from.low(),
                IpAddress.wire(to.high()), to.low());
        int at = Ethernet.LENGTH + Ipv6.LENGTH;
        PacketBuffer message = new PacketBuffer().wrap(b.bytes(), at, 40);
        Discovery.put(message, 8, better);
        Discovery.put(message, 24, about);
        new Icmp6(Icmp6.REDIRECT, 0, 0).write(message, 0, from, to);
        host.frame(1, b.bytes(), 0, length, s.now);
    }
}
