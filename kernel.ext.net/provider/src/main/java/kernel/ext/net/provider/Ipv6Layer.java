package kernel.ext.net.provider;

import kernel.ext.net.api.IpAddress;
import kernel.ext.net.api.IpOutput;
import kernel.ext.net.api.Packet;
import kernel.ext.net.api.PacketBuffer;
import kernel.ext.net.api.header.Icmp6;
import kernel.ext.net.api.header.Ipv6;

/** IPv6 (RFC 8200, RFC 4007 for scopes). Used in the stack's strand. */
final class Ipv6Layer implements IpOutput {

    private final Stack stack;
    private final Reassembly reassembly;
    private final Extensions extensions = new Extensions();
    boolean forwarding;
    private long identification;

    Ipv6Layer(Stack stack, long seed) {
        this.stack = stack;
        reassembly = new Reassembly(stack, Ipv6.LENGTH);
        identification = seed;
    }

    /** A packet came in a frame, or from ourselves. */
    boolean received(Packet p, int type, long now) {
        PacketBuffer b = stack.current(p);
        Link link = stack.link(p);
        if (b == null || link == null) {
            return false; // nobody but the interface brings packets
        }
        int at = p.network();
        if (!Ipv6.valid(p, at)) {
            stack.counters.damaged++;
            return true;
        }
        if (!link.six.on) {
            stack.counters.unwanted++;
            return true;
        }
        long fromHigh = p.i64(at + 8);
        long fromLow = p.i64(at + 16);
        long toHigh = p.i64(at + 24);
        long toLow = p.i64(at + 32);
        if (link.out != null) {
            if (foreign(link, fromHigh, fromLow) || foreign(link, toHigh, toLow) || fromHigh >>> 56 == 0xFF
                    || (toHigh | toLow) == 0) {
                stack.counters.unwanted++;
                return true;
            }
            long scope = (long) link.six.scope() << 32;
            fromHigh |= IpAddress.isScoped(fromHigh) ? scope : 0;
            toHigh |= IpAddress.isScoped(toHigh) ? scope : 0;
            if (ours(fromHigh, fromLow)) {
                stack.counters.unwanted++;
                return true;
            }
        }
        b.addresses(fromHigh, fromLow, toHigh, toLow);
        b.transport(at + Ipv6.LENGTH, at + Ipv6.LENGTH + Ipv6.length(p, at));
        boolean group = toHigh >>> 56 == 0xFF;
        boolean forUs = group
                ? link.six.member(toHigh, toLow)
                : ours(toHigh, toLow) || link.takesAll && !IpAddress.isScoped(toHigh);
        if (forUs) {
            headers(b, link, Ipv6.next(p, at), at + Ipv6.LENGTH, false, now);
        } else if (forwarding && !group && !(at == 14 && (p.u8(0) & 1) != 0)) {
            forward(p, link, now);
        } else {
            stack.counters.unwanted++;
        }
        return true;
    }

    /** Whether an address is none that a packet on a wire may have (RFC 4291 section 2.5, RFC 4007 section 9). */
    private static boolean foreign(Link link, long high, long low) {
        return IpAddress.isV4(high, low) || high == 0 && low == 1
                || IpAddress.isScoped(high) && IpAddress.wire(high) != high;
    }

    boolean ours(long high, long low) {
        for (int i = 0; i < stack.links().size(); i++) {
            if (stack.links().get(i).six.has(high, low)) {
                return true;
            }
        }
        return false;
    }

    private void headers(PacketBuffer b, Link link, int first, int from, boolean whole, long now) {
        Packet p = b.packet();
        int network = p.network();
        switch (extensions.walk(p, network, first, from, p.end(), whole)) {
            case GOOD -> {
                b.transport(extensions.at, p.end());
                int named = extensions.named - network;
                if (!stack.graph.ip().received(p, extensions.next, now)) {
                    stack.icmp6.error(p, Icmp6.PARAMETER, Icmp6.NEXT_HEADER, named, false, now);
                }
            }
            case FRAGMENT -> fragment(b, link, extensions.at, now);
            case TELL -> {
                stack.counters.damaged++;
                stack.icmp6.error(p, Icmp6.PARAMETER, extensions.code, extensions.pointer, extensions.evenToGroups,
                        now);
            }
            default -> stack.counters.unwanted++;
        }
    }

    private void fragment(PacketBuffer b, Link link, int at, long now) {
        Packet p = b.packet();
        int next = p.u8(at);
        int offset = p.u16(at + 2) & 0xFFF8;
        boolean more = (p.u16(at + 2) & 1) != 0;
        int data = at + Ipv6.FRAGMENT_LENGTH;
        int length = p.end() - data;
        if (offset == 0 && !Extensions.complete(p, next, data, p.end())) {
            stack.counters.reassemblyFailed++;
            stack.icmp6.error(p, Icmp6.PARAMETER, Icmp6.INCOMPLETE_CHAIN, 0, false, now);
            return;
        }
        if (offset == 0 && !more) { // a packet in one fragment stands for itself (RFC 6946)
            headers(b, link, next, data, true, now);
            return;
        }
        if (more && length % 8 != 0) {
            stack.icmp6.error(p, Icmp6.PARAMETER, Icmp6.FIELD, 4, false, now);
            return;
        }
        if (offset + length > 65535) {
            stack.icmp6.error(p, Icmp6.PARAMETER, Icmp6.FIELD, at + 2 - p.network(), false, now);
            return;
        }
        PacketBuffer whole = reassembly.add(new Reassembly.Key(p.source(), p.destination(), p.i32(at + 4), 0), p, data,
                offset, offset + length, !more, next, now);
        if (whole == null) {
            return;
        }
        Ipv6.write(whole, 0, p.i32(p.network()) & 0xFFF_FFFF, whole.length() - Ipv6.LENGTH,
                reassembly.protocol << 8 | Ipv6.hops(p, p.network()), IpAddress.wire(p.sourceHigh()), p.sourceLow(),
                IpAddress.wire(p.destinationHigh()), p.destinationLow());
        whole.arrived(p.interfaceIndex(), 0, p.intact());
        whole.addresses(p.sourceHigh(), p.sourceLow(), p.destinationHigh(), p.destinationLow());
        whole.transport(Ipv6.LENGTH, whole.length());
        stack.enter(whole);
        headers(whole, link, reassembly.protocol, Ipv6.LENGTH, true, now);
        stack.leave(b);
        stack.pool.give(whole);
    }

    /** Sends a packet for somebody else on (RFC 8200 section 3, RFC 4443). */
    private void forward(Packet p, Link link, long now) {
        int at = p.network();
        int hops = Ipv6.hops(p, at);
        if (IpAddress.isScoped(p.destinationHigh()) || (p.sourceHigh() | p.sourceLow()) == 0) {
            stack.counters.unwanted++;
            return;
        }
        Routes.Route route = stack.routes.find(p.destinationHigh(), p.destinationLow());
        if (route == null || IpAddress.isScoped(p.sourceHigh()) && route.link() != link) {
            stack.counters.noRoute++;
            stack.icmp6.error(p, Icmp6.UNREACHABLE, route == null ? Icmp6.NO_ROUTE : Icmp6.BEYOND_SCOPE, 0, false, now);
            return;
        }
        if (hops <= 1) {
            stack.counters.expired++;
            stack.icmp6.error(p, Icmp6.TIME_EXCEEDED, 0, 0, false, now);
            return;
        }
        int length = Ipv6.LENGTH + Ipv6.length(p, at);
        if (length > route.link().six.mtu) {
            stack.counters.tooBig++;
            stack.icmp6.error(p, Icmp6.TOO_BIG, 0, route.link().six.mtu, true, now);
            return;
        }
        stack.redirects.six.tell(p, route, now);
        stack.counters.forwarded++;
        PacketBuffer b = stack.pool.take(Stack.HEADROOM, length);
        b.put(0, p, at, length);
        b.put8(7, hops - 1);
        stack.emit6(route.link(), route.gateway() == null ? p.destination() : route.gateway(), b, now);
    }

    @Override
    public PacketBuffer take(int count) {
        return stack.pool.take(Stack.HEADROOM, count);
    }

    /** The interface that packets to there leave by, and the route if there is one; null if there is none. */
    private Link link(IpAddress to, Routes.Route route) {
        if (ours(to.high(), to.low())) {
            return stack.links().getFirst();
        }
        if (to.isMulticast()) {
            int scope = to.scope();
            return scope > 0 && scope <= stack.links().size() ? stack.links().get(scope - 1) : null;
        }
        return route == null ? null : route.link();
    }

    private Routes.Route route(IpAddress to) {
        return stack.routes.find(to.high(), to.low());
    }

    @Override
    public void send(PacketBuffer payload, IpAddress source, IpAddress destination, int protocol, int ttl,
            boolean whole, long now) {
        Routes.Route route = route(destination);
        Link link = link(destination, route);
        if (link == null) {
            stack.counters.noRoute++;
            stack.pool.give(payload);
            return;
        }
        boolean loop = link.out == null;
        IpAddress nextHop = loop || route == null || route.gateway() == null || destination.isMulticast()
                ? destination
                : route.gateway();
        int length = payload.length() + Ipv6.LENGTH;
        int fits = whole ? link.six.mtu : stack.pathMtus.of(destination, link.six.mtu);
        if (length <= fits) {
            header(payload, protocol << 8 | ttl, source, destination, loop);
            stack.emit6(link, nextHop, payload, now);
        } else if (whole) {
            stack.counters.tooBig++;
            stack.pool.give(payload);
        } else {
            fragments(link, nextHop, payload, source, destination, protocol << 8 | ttl, fits, now);
        }
    }

    /** Sends to a link, whatever routes there are. */
    void onLink(Link link, PacketBuffer payload, IpAddress source, IpAddress destination, int protocol, int ttl,
            long now) {
        header(payload, protocol << 8 | ttl, source, destination, false);
        stack.emit6(link, destination, payload, now);
    }

    /** To ourselves the numbers of links are kept in the addresses. */
    private static void header(PacketBuffer b, int nextHops, IpAddress source, IpAddress destination, boolean loop) {
        int length = b.length();
        Ipv6.write(b.prepend(Ipv6.LENGTH), 0, 0, length, nextHops,
                loop ? source.high() : IpAddress.wire(source.high()), source.low(),
                loop ? destination.high() : IpAddress.wire(destination.high()), destination.low());
    }

    private void fragments(Link link, IpAddress nextHop, PacketBuffer b, IpAddress source, IpAddress destination,
            int nextHops, int mtu, long now) {
        int most = mtu - Ipv6.LENGTH - Ipv6.FRAGMENT_LENGTH & ~7;
        int total = b.length();
        identification = identification * 0x5851F42D4C957F2DL + 0x14057B7EF767814FL; // nobody is to guess it (RFC 7739)
        for (int from = 0; from < total; from += most) {
            int count = Math.min(most, total - from);
            PacketBuffer piece = stack.pool.take(Stack.HEADROOM, count);
            piece.put(0, b.packet(), from, count);
            Ipv6.fragment(piece.prepend(Ipv6.FRAGMENT_LENGTH), 0, nextHops >>> 8, from | (from + count < total ? 1 : 0),
                    (int) (identification >>> 32));
            header(piece, Ipv6.FRAGMENT << 8 | nextHops & 0xFF, source, destination, false);
            stack.counters.fragmentsSent++;
            stack.emit6(link, nextHop, piece, now);
        }
        stack.pool.give(b);
    }

    @Override
    public int largest(IpAddress destination) {
        Link link = link(destination, route(destination));
        return link == null ? 0 : stack.pathMtus.of(destination, link.six.mtu) - Ipv6.LENGTH;
    }

    @Override
    public IpAddress sourceFor(IpAddress destination) {
        if (destination.isLoopback()) {
            return IpAddress.LOOPBACK6;
        }
        if (ours(destination.high(), destination.low())) {
            return destination;
        }
        Link link = link(destination, route(destination));
        return link == null ? null : link.six.source(destination);
    }

    @Override
    public boolean intact(IpAddress destination) {
        Link link = link(destination, route(destination));
        return link != null && link.intact;
    }

    long nextDeadline() {
        return reassembly.nextDeadline();
    }

    void poll(long now) {
        reassembly.poll(now);
    }

    void clear() {
        reassembly.clear();
    }
}
