package kernel.ext.net.provider;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;
import kernel.ext.net.api.IpAddress;
import kernel.ext.net.api.Packet;
import kernel.ext.net.api.header.Icmp;
import kernel.ext.net.api.header.Ipv4;

/**
 * Better ways that routers tell of (RFC 792, RFC 1122 section 3.2.2.2). Ignored unless {@link #obeyed}: anybody on the link can send
 * them. Then those are believed that the router in use sends about a packet of ours, to another neighbour, and not by who is a router
 * himself (RFC 1812 section 5.2.7.2). Known for ten minutes, of 64 destinations at most, and as long as who is named answers. Holds those
 * of IPv6 too ({@link Redirects6}). Used in the stack's strand.
 */
final class Redirects {

    private static final long KNOWN = 600_000_000_000L;
    private static final int LIMIT = 64;
    private static final int HOST = 32, HOST6 = 128;

    private final Stack stack;
    /** Those of IPv6. */
    final Redirects6 six;
    private final Map<Routes.Route, Long> all = new LinkedHashMap<>();
    boolean obeyed;

    Redirects(Stack stack) {
        this.stack = stack;
        six = new Redirects6(stack);
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
        learn(IpAddress.of(destination), IpAddress.of(better), link, now);
        return true;
    }

    /** A better way to a destination is known: by a neighbour, or to itself if it is one. */
    void learn(IpAddress destination, IpAddress better, Link link, long now) {
        forget(route -> route.network().equals(destination));
        if (all.size() >= LIMIT) {
            remove(all.keySet().iterator());
        }
        Routes.Route route = new Routes.Route(destination, destination.isV4() ? HOST : HOST6,
                better.equals(destination) ? null : better, link, true);
        stack.routes.add(route);
        all.put(route, now + KNOWN);
    }

    /** A neighbour does not answer: what was known of ways by it is forgotten, and the router before is asked again. */
    void silent(Link link, IpAddress neighbour) {
        forget(route -> route.link() == link
                && neighbour.equals(route.gateway() == null ? route.network() : route.gateway()));
    }

    private void forget(Predicate<Routes.Route> which) {
        Iterator<Routes.Route> each = all.keySet().iterator();
        while (each.hasNext()) {
            Routes.Route route = each.next();
            if (which.test(route)) {
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
