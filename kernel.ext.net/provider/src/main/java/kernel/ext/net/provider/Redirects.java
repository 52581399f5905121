package kernel.ext.net.provider;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import kernel.ext.net.api.IpAddress;
import kernel.ext.net.api.Packet;
import kernel.ext.net.api.header.Icmp;
import kernel.ext.net.api.header.Ipv4;

/**
 * Better ways that routers tell of (RFC 792, RFC 1122 section 3.2.2.2). Ignored unless {@link #obeyed}: anybody on the link can send
 * them. Then those are believed that the router in use sends about a packet of ours, to another neighbour, and not by who is a router
 * himself (RFC 1812 section 5.2.7.2). Known for ten minutes, of 64 destinations at most. Used in the stack's strand.
 */
final class Redirects {

    private static final long KNOWN = 600_000_000_000L;
    private static final int LIMIT = 64;
    private static final int HOST = 32;

    private final Stack stack;
    private final Map<Routes.Route, Long> all = new LinkedHashMap<>();
    boolean obeyed;

    Redirects(Stack stack) {
        this.stack = stack;
    }

    /** A packet that is sent on goes back to where it came from: its sender could have sent it there himself. */
    void tell(Packet p, int at, Routes.Route route, int nextHop, long now) {
        Link link = stack.link(p);
        if (route.link() == link && link.out != null && link.near(Ipv4.source(p, at)) && link.near(nextHop)) {
            stack.counters.redirectsSent++;
            stack.icmp.error(p, Icmp.REDIRECT, Icmp.HOST, nextHop, now);
        }
    }

    boolean received(Packet p, int type, long now) {
        int at = p.transport() + Icmp.LENGTH;
        if (!obeyed || stack.ipv4.forwarding || p.end() - at < Ipv4.LENGTH + 8 || p.u8(at) >>> 4 != 4) {
            stack.counters.redirectsIgnored++;
            return true;
        }
        Link link = stack.link(p);
        int destination = Ipv4.destination(p, at);
        int better = Icmp.rest(p, p.transport());
        Routes.Route used = stack.routes.find(destination);
        boolean sane = used != null && used.gateway() != null && used.link() == link
                && used.gateway().equals(p.source()) && stack.ours(Ipv4.source(p, at)) && !stack.ours(destination)
                && link.near(better) && !stack.ours(better) && !link.broadcast(better)
                && better != used.gateway().v4();
        if (!sane) {
            stack.counters.redirectsIgnored++;
            return true;
        }
        forget(destination);
        if (all.size() >= LIMIT) {
            remove(all.keySet().iterator());
        }
        Routes.Route route = new Routes.Route(IpAddress.of(destination), HOST,
                better == destination ? null : IpAddress.of(better), link, true);
        stack.routes.add(route);
        all.put(route, now + KNOWN);
        return true;
    }

    private void forget(int destination) {
        Iterator<Routes.Route> each = all.keySet().iterator();
        IpAddress address = IpAddress.of(destination);
        while (each.hasNext()) {
            Routes.Route route = each.next();
            if (route.network().equals(address)) {
                stack.routes.remove(route);
                each.remove();
            }
        }
    }

    private void remove(Iterator<Routes.Route> oldest) {
        stack.routes.remove(oldest.next());
        oldest.remove();
    }

    long nextDeadline() {
        return all.isEmpty() ? Long.MAX_VALUE : all.values().iterator().next();
    }

    void poll(long now) {
        while (nextDeadline() <= now) {
            remove(all.keySet().iterator());
        }
    }
}
