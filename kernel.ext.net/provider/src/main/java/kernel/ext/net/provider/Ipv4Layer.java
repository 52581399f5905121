package kernel.ext.net.provider;

import java.util.List;
import kernel.ext.net.api.IpAddress;
import kernel.ext.net.api.IpOutput;
import kernel.ext.net.api.Packet;
import kernel.ext.net.api.PacketBuffer;
import kernel.ext.net.api.header.Icmp;
import kernel.ext.net.api.header.Ipv4;

/** IPv4 (RFC 791, RFC 1122 section 3, RFC 1812 for forwarding). Used in the stack's strand. */
final class Ipv4Layer implements IpOutput {

    private final Stack stack;
    private final Reassembly reassembly;
    /** Of the packet that is looked at, sent on or answered. */
    private final Options4 options = new Options4();
    boolean forwarding;
    private int identification;

    Ipv4Layer(Stack stack, int seed) {
        this.stack = stack;
        reassembly = new Reassembly(stack, Ipv4.LENGTH);
        identification = seed;
    }

    /** A packet came in a frame. */
    boolean received(Packet p, int type, long now) {
        PacketBuffer b = stack.current(p);
        Link link = stack.link(p);
        if (b == null || link == null) {
            return false; // nobody but the interface brings packets
        }
        int at = p.network();
        if (!Ipv4.valid(p, at)) {
            stack.counters.damaged++;
            return true;
        }
        int source = Ipv4.source(p, at);
        int destination = Ipv4.destination(p, at);
        boolean foreign = source >>> 28 == 14 || source == -1
                || (source >>> 24 == 127 || destination >>> 24 == 127) && link.out != null
                || link.out != null && stack.ours(source);
        if (foreign) {
            stack.counters.unwanted++;
            return true;
        }
        if (Ipv4.headerLength(p, at) > Ipv4.LENGTH && !wellOptioned(b, at, now)) {
            return true;
        }
        if (!link.takesAll && !stack.ours(destination) && !link.broadcast(destination) && destination >>> 28 != 14) {
            if (forwarding && p.length() > 0 && !isGroup(b)) {
                forward(b, p, at, now);
            } else {
                stack.counters.unwanted++;
            }
            return true;
        }
        if ((Ipv4.flags(p, at) & 0x3FFF) != 0) {
            PacketBuffer whole = whole(p, at, now);
            if (whole != null) {
                whole.arrived(link.index, 0, p.intact());
                stack.enter(whole);
                deliver(whole, 0, now);
                stack.leave(b);
                stack.pool.give(whole);
            }
            return true;
        }
        deliver(b, at, now);
        return true;
    }

    /** Whether a packet's options are as they should be; else its sender is told. */
    private boolean wellOptioned(PacketBuffer b, int at, long now) {
        Packet p = b.packet();
        Options4.Found found = options.look(p, at);
        if (found == Options4.Found.GOOD) {
            return true;
        }
        b.transport(at + Ipv4.headerLength(p, at), at + Ipv4.length(p, at));
        b.addresses(0, IpAddress.mapped(Ipv4.source(p, at)), 0, IpAddress.mapped(Ipv4.destination(p, at)));
        if (found == Options4.Found.WRONG) {
            stack.counters.damaged++;
            stack.icmp.error(p, Icmp.PARAMETER, 0, options.pointer << 24, now);
        } else {
            stack.counters.unwanted++;
            stack.icmp.error(p, Icmp.UNREACHABLE, Icmp.SOURCE_ROUTE, 0, now);
        }
        return false;
    }

    private PacketBuffer whole(Packet p, int at, long now) {
        int header = Ipv4.headerLength(p, at);
        int from = Ipv4.fragmentOffset(p, at);
        int protocol = Ipv4.protocol(p, at);
        int id = Ipv4.identification(p, at);
        int source = Ipv4.source(p, at);
        int destination = Ipv4.destination(p, at);
        PacketBuffer whole = reassembly.add(
                new Reassembly.Key(IpAddress.of(source), IpAddress.of(destination), id, protocol), p, at + header, from,
                from + Ipv4.length(p, at) - header, (Ipv4.flags(p, at) & Ipv4.MORE_FRAGMENTS) == 0, protocol, now);
        if (whole != null) {
            Ipv4.write(whole, 0, p.u8(at + 1), whole.length(), id, 0, Ipv4.ttl(p, at) << 8 | protocol, source,
                    destination);
        }
        return whole;
    }

    /** Whether the frame went to a group: such packets are not forwarded. */
    private static boolean isGroup(PacketBuffer b) {
        return b.packet().network() == 14 && (b.packet().u8(0) & 1) != 0;
    }

    private void deliver(PacketBuffer b, int at, long now) {
        Packet p = b.packet();
        b.transport(at + Ipv4.headerLength(p, at), at + Ipv4.length(p, at));
        b.addresses(0, IpAddress.mapped(Ipv4.source(p, at)), 0, IpAddress.mapped(Ipv4.destination(p, at)));
        int protocol = Ipv4.protocol(p, at);
        if (!stack.graph.ip().received(p, protocol, now)) {
            stack.icmp.error(p, Icmp.UNREACHABLE, Icmp.PROTOCOL, 0, now);
        }
    }

    private void forward(PacketBuffer arrived, Packet p, int at, long now) {
        int length = Ipv4.length(p, at);
        int header = Ipv4.headerLength(p, at);
        int destination = Ipv4.destination(p, at);
        arrived.transport(at + header, at + length);
        arrived.addresses(0, IpAddress.mapped(Ipv4.source(p, at)), 0, IpAddress.mapped(destination));
        if (Ipv4.ttl(p, at) <= 1) {
            stack.counters.expired++;
            stack.icmp.error(p, Icmp.TIME_EXCEEDED, 0, 0, now);
            return;
        }
        Routes.Route route = stack.routes.find(destination);
        if (route == null) {
            stack.counters.noRoute++;
            stack.icmp.error(p, Icmp.UNREACHABLE, Icmp.NETWORK, 0, now);
            return;
        }
        int flags = Ipv4.flags(p, at);
        if (length > route.link().mtu && (flags & Ipv4.DONT_FRAGMENT) != 0) {
            stack.counters.tooBig++;
            stack.icmp.error(p, Icmp.UNREACHABLE, Icmp.TOO_BIG, route.link().mtu, now);
            return;
        }
        int nextHop = route.gateway() == null ? destination : route.gateway().v4();
        stack.redirects.tell(p, at, route, nextHop, now);
        stack.counters.forwarded++;
        boolean plain = header == Ipv4.LENGTH;
        PacketBuffer b = stack.pool.take(plain ? Stack.HEADROOM : Stack.HEADROOM + Options4.ROOM, length - header);
        b.put(0, p, at + header, length - header);
        Options4 with = plain ? null : options.take(p, at).stamp(route.link().address, now);
        out(route.link(), nextHop, b, with, p.u8(at + 1), Ipv4.identification(p, at), flags,
                Ipv4.ttl(p, at) - 1 << 8 | Ipv4.protocol(p, at), Ipv4.source(p, at), destination, now);
    }

    @Override
    public PacketBuffer take(int count) {
        return stack.pool.take(Stack.HEADROOM, count);
    }

    /** What an answer to an echo gives back of its options; null if it has none. */
    Options4 recorded(Packet p, long now) {
        return Ipv4.headerLength(p, p.network()) == Ipv4.LENGTH
                ? null
                : options.take(p, p.network()).recorded().stamp((int) p.destinationLow(), now);
    }

    @Override
    public void send(PacketBuffer payload, IpAddress source, IpAddress destination, int protocol, int ttl,
            boolean whole, long now) {
        send(payload, source, destination, protocol << 8 | ttl, whole, null, now);
    }

    /** Sends with options, or null, for which there must be room in the buffer. */
    void send(PacketBuffer payload, IpAddress source, IpAddress destination, int protocolTtl, boolean whole,
            Options4 with, long now) {
        int to = destination.v4();
        Link link = stack.loopbackFor(to);
        int nextHop = to;
        if (link == null) {
            Routes.Route route = stack.routes.find(to);
            if (route == null) {
                stack.counters.noRoute++;
                stack.pool.give(payload);
                return;
            }
            link = route.link();
            nextHop = route.gateway() == null ? to : route.gateway().v4();
        }
        if (whole && payload.length() + Ipv4.LENGTH > link.mtu) {
            stack.counters.tooBig++;
            stack.pool.give(payload);
            return;
        }
        out(link, nextHop, payload, with, 0, identification++ & 0xFFFF, whole ? Ipv4.DONT_FRAGMENT : 0,
                (protocolTtl & 0xFF) << 8 | protocolTtl >>> 8, source.v4(), to, now);
    }

    /** Sends to all of a link, whatever routes there are. Takes the buffer over. */
    void toAll(Link link, PacketBuffer payload, IpAddress source, int protocol, long now) {
        out(link, -1, payload, null, 0, identification++ & 0xFFFF, 0, 64 << 8 | protocol, source.v4(), -1, now);
    }

    private static void header(PacketBuffer b, Options4 with, int service, int id, int flags, int ttlProtocol,
            int source, int destination) {
        int header = Ipv4.LENGTH + (with == null ? 0 : with.length());
        int length = b.length() + header;
        Ipv4.write(b.prepend(header), 0, service, length, id, flags, ttlProtocol, source, destination);
        if (header > Ipv4.LENGTH) {
            with.write(b);
        }
    }

    private void out(Link link, int nextHop, PacketBuffer b, Options4 with, int service, int id, int flags,
            int ttlProtocol, int source, int destination, long now) {
        int header = Ipv4.LENGTH + (with == null ? 0 : with.length());
        if (b.length() + header <= link.mtu) {
            header(b, with, service, id, flags, ttlProtocol, source, destination);
            stack.emit(link, nextHop, b, now);
            return;
        }
        Options4 later = with == null ? null : with.copied();
        int most = link.mtu - header & ~7;
        int total = b.length();
        int base = (flags & 0x1FFF) * 8;
        for (int from = 0; from < total; from += most) {
            int count = Math.min(most, total - from);
            PacketBuffer piece = stack.pool.take(Stack.HEADROOM + (with == null ? 0 : Options4.ROOM), count);
            piece.put(0, b.packet(), from, count);
            int more = from + count < total ? Ipv4.MORE_FRAGMENTS : flags & Ipv4.MORE_FRAGMENTS;
            header(piece, from == 0 ? with : later, service, id, more | base + from >> 3, ttlProtocol, source,
                    destination);
            stack.counters.fragmentsSent++;
            stack.emit(link, nextHop, piece, now);
        }
        stack.pool.give(b);
    }

    /** Nobody answered for these packets. */
    void neighbourAbsent(List<PacketBuffer> waiting, long now) {
        for (PacketBuffer b : List.copyOf(waiting)) {
            stack.icmp.absent(b.packet(), now);
        }
    }

    @Override
    public int largest(IpAddress destination) {
        int to = destination.v4();
        Link link = stack.loopbackFor(to);
        if (link == null) {
            Routes.Route route = stack.routes.find(to);
            return route == null ? 0 : stack.pathMtus.of(destination, route.link().mtu) - Ipv4.LENGTH;
        }
        return link.mtu - Ipv4.LENGTH;
    }

    @Override
    public IpAddress sourceFor(IpAddress destination) {
        int to = destination.v4();
        if (to >>> 24 == 127) {
            return IpAddress.LOOPBACK;
        }
        if (stack.ours(to)) {
            return destination;
        }
        Routes.Route route = stack.routes.find(to);
        return route == null ? null : IpAddress.of(route.link().address);
    }

    @Override
    public boolean intact(IpAddress destination) {
        int to = destination.v4();
        Link link = stack.loopbackFor(to);
        if (link == null) {
            Routes.Route route = stack.routes.find(to);
            return route != null && route.link().intact;
        }
        return true;
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
