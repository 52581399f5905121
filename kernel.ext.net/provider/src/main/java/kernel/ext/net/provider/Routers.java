package kernel.ext.net.provider;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import kernel.ext.net.api.IpAddress;
import kernel.ext.net.api.Packet;
import kernel.ext.net.api.PacketBuffer;
import kernel.ext.net.api.header.Icmp6;
import kernel.ext.net.api.header.Ipv6;

/**
 * What routers of a link tell hosts (RFC 4861 section 6.3): themselves as default routes, networks that are near, prefixes to make addresses
 * from, who answers for names (RFC 8106). At most 8 routers, 16 networks and 4 resolvers. Who forwards does not listen to them.
 * Used in the stack's strand.
 */
final class Routers {

    private static final long SECOND = 1_000_000_000L;
    private static final int SOLICITATIONS = 3;
    private static final long BETWEEN = 4 * SECOND;
    private static final int ROUTERS = 8, NETWORKS = 16, RESOLVERS = 4;
    private static final int LENGTH = 16;

    /** A route or a resolver that holds for a while. */
    private static final class Told {
        final Routes.Route route;
        final IpAddress resolver;
        long until;

        Told(Routes.Route route, IpAddress resolver, long until) {
            this.route = route;
            this.resolver = resolver;
            this.until = until;
        }
    }

    private static final class Asking {
        int left = SOLICITATIONS;
        long due;
    }

    private final Stack stack;
    private final List<Told> told = new ArrayList<>();
    private final Map<Link, Asking> asking = new HashMap<>();

    Routers(Stack stack) {
        this.stack = stack;
    }

    /** Asks who routes, until somebody says so. */
    void solicit(Link link, long now) {
        if (!stack.advertisers.containsKey(link) && !stack.ipv6.forwarding) {
            asking.computeIfAbsent(link, _ -> new Asking()).due = now;
        }
    }

    /** Resolvers that routers told of. */
    List<IpAddress> resolvers() {
        return told.stream().filter(one -> one.resolver != null).map(one -> one.resolver).toList();
    }

    /** A router advertises. */
    boolean advertisement(Packet p, int type, long now) {
        if (!stack.discovery.valid(p, LENGTH)) {
            return true;
        }
        Link link = stack.link(p);
        if (!p.source().isLinkLocal() || stack.ipv6.forwarding || stack.advertisers.containsKey(link)) {
            return true;
        }
        asking.remove(link);
        int at = p.transport();
        Link6 six = link.six;
        six.hops = p.u8(at + 4) == 0 ? six.hops : p.u8(at + 4);
        six.reachable = within(p.i32(at + 8), six.reachable, 3_600_000);
        six.retransmit = within(p.i32(at + 12), six.retransmit, 60_000);
        Routes.Route route = new Routes.Route(IpAddress.ANY6, 0, p.source(), link, true);
        tell(route, null, p.u16(at + 6) * SECOND, ROUTERS, now);
        stack.neighbours6.heard(link, p.source(), Discovery.hardware(p, at + LENGTH, Discovery.SOURCE_HARDWARE), true,
                now);
        Neighbours6.Entry router = stack.neighbours6.find(p.source());
        if (router != null) {
            router.router = true;
        }
        for (int option = at + LENGTH; option < p.end(); option += p.u8(option + 1) * 8) {
            option(p, link, option, now);
        }
        return true;
    }

    /** A time in milliseconds of an advertisement, if it says one that makes sense; in nanoseconds. */
    private static long within(int said, long before, long most) {
        long milliseconds = said & 0xFFFF_FFFFL;
        return milliseconds == 0 || milliseconds > most ? before : milliseconds * 1_000_000;
    }

    private void option(Packet p, Link link, int at, long now) {
        int kind = p.u8(at);
        int length = p.u8(at + 1) * 8;
        if (kind == Discovery.MTU && length == 8) {
            int mtu = p.i32(at + 4);
            link.six.mtu = mtu >= Ipv6.LEAST_MTU && mtu <= link.mtu ? mtu : link.six.mtu;
        } else if (kind == Discovery.PREFIX && length == 32) {
            prefix(p, link, at, now);
        } else if (kind == Discovery.DNS && length >= 24) {
            long life = seconds(p.i32(at + 4));
            for (int i = at + 8; i + 16 <= at + length; i += 16) {
                tell(null, new IpAddress(p.i64(i), p.i64(i + 8)).scoped(link.six.scope()), life, RESOLVERS, now);
            }
        }
    }

    private static long seconds(int said) {
        return (said & 0xFFFF_FFFFL) * SECOND;
    }

    private void prefix(Packet p, Link link, int at, long now) {
        int bits = p.u8(at + 2);
        int flags = p.u8(at + 3);
        long valid = seconds(p.i32(at + 4));
        long preferred = seconds(p.i32(at + 8));
        IpAddress network = new IpAddress(p.i64(at + 16), p.i64(at + 24));
        if (network.isScoped() || network.isMulticast() || network.isV4() || bits == 0 || bits > 128
                || preferred > valid) {
            return;
        }
        if ((flags & 0x80) != 0) {
            tell(new Routes.Route(Routes.network(network, bits), bits, null, link, true), null, valid, NETWORKS, now);
        }
        if ((flags & 0x40) != 0 && bits == 64) {
            link.six.advertised(network.high(), preferred, valid, now);
        }
    }

    /** Notes that a route or a resolver holds for so long from now on. */
    private void tell(Routes.Route route, IpAddress resolver, long life, int limit, long now) {
        Told known = null;
        int alike = 0;
        for (Told one : told) {
            boolean same = route == null ? resolver.equals(one.resolver) : route.equals(one.route);
            known = same ? one : known;
            alike += (route == null) == (one.route == null)
                    && (route == null || (route.gateway() == null) == (one.route.gateway() == null)) ? 1 : 0;
        }
        if (life == 0) {
            if (known != null) {
                told.remove(known);
                forget(known);
            }
        } else if (known != null) {
            known.until = Link6.end(now, life);
        } else if (alike < limit) {
            told.add(new Told(route, resolver, Link6.end(now, life)));
            boolean byHand = route != null && stack.routes.all().stream().anyMatch(
                    one -> !one.advertised() && one.network().equals(route.network())
                            && one.prefix() == route.prefix());
            if (route != null && !byHand) {
                stack.routes.append(route);
            }
        }
    }

    private void forget(Told one) {
        if (one.route != null) {
            stack.routes.remove(one.route);
        }
    }

    /** A neighbour is no router any more. */
    void gone(Link link, IpAddress address) {
        for (Iterator<Told> each = told.iterator(); each.hasNext();) {
            Told one = each.next();
            if (one.route != null && one.route.link() == link && address.equals(one.route.gateway())) {
                each.remove();
                forget(one);
            }
        }
    }

    /** A neighbour does not answer: if it is a router, others come first, and all are asked anew. */
    void silent(Link link, IpAddress address, long now) {
        for (Told one : told) {
            if (one.route != null && one.route.link() == link && address.equals(one.route.gateway())
                    && stack.routes.remove(one.route)) {
                stack.routes.append(one.route);
                solicit(link, now);
            }
        }
    }

    /** What routers of a link told, as texts: see {@link Learnt}. */
    List<String> left(Link link, long now) {
        List<String> all = new ArrayList<>();
        for (Told one : told) {
            String until = Learnt.left(one.until, now);
            if (one.route == null) {
                all.add("resolver " + Learnt.plain(one.resolver) + " " + until);
            } else if (one.route.link() == link) {
                all.add(one.route.gateway() == null
                        ? "near " + Learnt.plain(one.route.network()) + "/" + one.route.prefix() + " " + until
                        : "router " + Learnt.plain(one.route.gateway()) + " " + until);
            }
        }
        return all;
    }

    /** Takes over what {@link #left} told. */
    void resume(Link link, String[] words, long gone, long now) {
        String[] network = words[1].split("/");
        IpAddress address = IpAddress.parse(network[0]).scoped(link.six.scope());
        long until = Learnt.until(words[2], gone, now);
        long life = until == Long.MAX_VALUE ? Long.MAX_VALUE : Math.max(0, until - now);
        switch (words[0]) {
            case "resolver" -> tell(null, address, life, RESOLVERS, now);
            case "router" -> tell(new Routes.Route(IpAddress.ANY6, 0, address, link, true), null, life, ROUTERS, now);
            default -> tell(new Routes.Route(address, Integer.parseInt(network[1]), null, link, true), null, life,
                    NETWORKS, now);
        }
    }

    /** What was said of an interface is forgotten. */
    void clear(Link link) {
        asking.remove(link);
        told.removeIf(one -> one.route != null && one.route.link() == link);
    }

    long nextDeadline() {
        long next = Long.MAX_VALUE;
        for (Told one : told) {
            next = Math.min(next, one.until);
        }
        for (Asking one : asking.values()) {
            next = Math.min(next, one.due);
        }
        return next;
    }

    void poll(long now) {
        for (Iterator<Told> each = told.iterator(); each.hasNext();) {
            Told one = each.next();
            if (one.until <= now) {
                each.remove();
                forget(one);
            }
        }
        for (Iterator<Map.Entry<Link, Asking>> each = asking.entrySet().iterator(); each.hasNext();) {
            Map.Entry<Link, Asking> one = each.next();
            if (one.getValue().due <= now) {
                one.getValue().due = now + BETWEEN;
                ask(one.getKey(), now);
                if (--one.getValue().left == 0) {
                    each.remove();
                }
            }
        }
    }

    private void ask(Link link, long now) {
        IpAddress all = new IpAddress(0xFF02L << 48 | (long) link.six.scope() << 32, 2);
        IpAddress source = link.six.source(all);
        if (source == null) {
            return;
        }
        PacketBuffer b = stack.pool.take(Stack.HEADROOM, 16);
        Discovery.hardware(b, 8, Discovery.SOURCE_HARDWARE, link.hardware);
        stack.discovery.send(link, b, new Icmp6(Icmp6.ROUTER_SOLICITATION, 0, 0), source, all, now);
    }
}
