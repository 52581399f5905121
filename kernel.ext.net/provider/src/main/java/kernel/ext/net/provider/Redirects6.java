package kernel.ext.net.provider;

import kernel.ext.net.api.IpAddress;
import kernel.ext.net.api.Packet;
import kernel.ext.net.api.PacketBuffer;
import kernel.ext.net.api.header.Icmp6;
import kernel.ext.net.api.header.Ipv6;

/**
 * Better ways of IPv6 that routers tell of (RFC 4861 section 8). Told to neighbours whose packets go back to the link that they came by;
 * ignored or obeyed as those of IPv4, and kept with them ({@link Redirects}). Used in the stack's strand.
 */
final class Redirects6 {

    /** Bytes of the message without options: ICMPv6's header, the better way, the destination. */
    private static final int LENGTH = 40;
    private static final int HARDWARE_LENGTH = 8;
    /** The option with the packet that it is about, its header, and how much of the packet fits into the least MTU. */
    private static final int REDIRECTED = 4, REDIRECTED_LENGTH = 8;
    private static final int QUOTE = Ipv6.LEAST_MTU - Ipv6.LENGTH - LENGTH - HARDWARE_LENGTH - REDIRECTED_LENGTH & ~7;

    private final Stack stack;

    Redirects6(Stack stack) {
        this.stack = stack;
    }

    /** A packet that is sent on goes back to where it came from: its sender, if he is a neighbour, could have sent it there himself. */
    void tell(Packet p, Routes.Route route, long now) {
        Link link = stack.link(p);
        IpAddress destination = p.destination();
        IpAddress better = route.gateway() == null ? destination : route.gateway();
        if (route.link() != link || link.out == null || route.gateway() != null && !better.isLinkLocal()
                || !near(link, p.source())) {
            return;
        }
        IpAddress own = link.six
                .source(better.isLinkLocal() ? better : IpAddress.parse("fe80::").scoped(link.six.scope()));
        if (own == null || !stack.icmp6.mayTell(now)) {
            return;
        }
        Neighbours6.Entry known = stack.neighbours6.find(better);
        boolean named = known != null && known.hardware >= 0;
        int quote = Math.min(p.end() - p.network(), QUOTE) & ~7; // options are of eight bytes each
        int options = named ? HARDWARE_LENGTH : 0;
        PacketBuffer b = stack.pool.take(Stack.HEADROOM, LENGTH + options + REDIRECTED_LENGTH + quote);
        Discovery.put(b, 8, better);
        Discovery.put(b, 24, destination);
        if (named) {
            Discovery.hardware(b, LENGTH, Discovery.TARGET_HARDWARE, known.hardware);
        }
        b.put32(LENGTH + options, REDIRECTED << 24 | (REDIRECTED_LENGTH + quote) / 8 << 16);
        b.put32(LENGTH + options + 4, 0);
        b.put(LENGTH + options + REDIRECTED_LENGTH, p, p.network(), quote);
        stack.counters.redirectsSent++;
        stack.discovery.send(link, b, new Icmp6(Icmp6.REDIRECT, 0, 0), own, p.source(), now);
    }

    private boolean near(Link link, IpAddress address) {
        Routes.Route back = stack.routes.find(address.high(), address.low());
        return address.isLinkLocal() || back != null && back.link() == link && back.gateway() == null;
    }

    /** Somebody tells of a better way. */
    boolean received(Packet p, int type, long now) {
        if (!stack.discovery.valid(p, LENGTH)) {
            return true;
        }
        Link link = stack.link(p);
        IpAddress better = address(p, 8, link);
        IpAddress destination = address(p, 24, link);
        Routes.Route used = stack.routes.find(destination.high(), destination.low());
        boolean sane = stack.redirects.obeyed && !stack.ipv6.forwarding && p.source().isLinkLocal() && used != null
                && used.link() == link && p.source().equals(used.gateway()) && !destination.isMulticast()
                && !destination.isScoped() && !stack.ipv6.ours(destination.high(), destination.low())
                && (better.isLinkLocal() || better.equals(destination))
                && !stack.ipv6.ours(better.high(), better.low()) && !better.equals(used.gateway());
        if (!sane) {
            stack.counters.redirectsIgnored++;
            return true;
        }
        stack.neighbours6.heard(link, better, Discovery.hardware(p, p.transport() + LENGTH, Discovery.TARGET_HARDWARE),
                true, now);
        Neighbours6.Entry entry = stack.neighbours6.find(better);
        if (entry != null && !better.equals(destination)) {
            entry.router = true;
        }
        stack.redirects.learn(destination, better, link, now);
        return true;
    }

    private static IpAddress address(Packet p, int at, Link link) {
        return new IpAddress(p.i64(p.transport() + at), p.i64(p.transport() + at + 8)).scoped(link.six.scope());
    }
}
