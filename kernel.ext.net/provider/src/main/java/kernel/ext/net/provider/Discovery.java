package kernel.ext.net.provider;

import kernel.ext.net.api.IpAddress;
import kernel.ext.net.api.Packet;
import kernel.ext.net.api.PacketBuffer;
import kernel.ext.net.api.header.Icmp6;
import kernel.ext.net.api.header.Ipv6;

/**
 * Neighbour discovery's messages (RFC 4861): solicitations and advertisements of neighbours, and what all its messages have in
 * common. Used in the stack's strand.
 */
final class Discovery {

    /** Only who is on the link can send packets with this hop limit. */
    static final int NEAR = 255;
    /** Options. */
    static final int SOURCE_HARDWARE = 1, TARGET_HARDWARE = 2, PREFIX = 3, MTU = 5, DNS = 25;
    /** Bytes of a neighbour's messages without options. */
    private static final int LENGTH = 24;
    private static final int HARDWARE_LENGTH = 8;
    private static final int ROUTER = 0x8000_0000, SOLICITED = 0x4000_0000, OVERRIDE = 0x2000_0000;

    private final Stack stack;

    Discovery(Stack stack) {
        this.stack = stack;
    }

    /** Whether a message may be believed to come from the link, and its options are whole (RFC 4861 section 7.1). */
    boolean valid(Packet p, int length) {
        int at = p.transport();
        Link link = stack.link(p);
        boolean good = link.six.on && link.out != null && Ipv6.hops(p, p.network()) == NEAR && Icmp6.code(p, at) == 0
                && p.end() - at >= length && options(p, at + length);
        if (!good) {
            stack.counters.damaged++;
        }
        return good;
    }

    private static boolean options(Packet p, int first) {
        int at = first;
        while (at + 8 <= p.end()) {
            int length = p.u8(at + 1) * 8;
            if (length == 0 || at + length > p.end()) {
                return false;
            }
            at += length;
        }
        return at == p.end();
    }

    /** Where the first option of a kind is, from there on; -1 if there is none. The options are whole. */
    static int option(Packet p, int first, int kind) {
        for (int at = first; at < p.end(); at += p.u8(at + 1) * 8) {
            if (p.u8(at) == kind) {
                return at;
            }
        }
        return -1;
    }

    /** The hardware address that an option says, or -1. */
    static long hardware(Packet p, int first, int kind) {
        int at = option(p, first, kind);
        return at < 0 || p.u8(at + 1) != 1 ? -1 : p.u48(at + 2);
    }

    private IpAddress target(Packet p) {
        return new IpAddress(p.i64(p.transport() + 8), p.i64(p.transport() + 16)).scoped(stack.link(p).six.scope());
    }

    /** Somebody asks for a neighbour (RFC 4861 section 7.2.3, RFC 4862 section 5.4.3). */
    boolean solicitation(Packet p, int type, long now) {
        if (!valid(p, LENGTH)) {
            return true;
        }
        Link link = stack.link(p);
        IpAddress target = target(p);
        IpAddress from = p.source();
        long hardware = hardware(p, p.transport() + LENGTH, SOURCE_HARDWARE);
        boolean anonymous = from.isAny();
        Address6 ours = link.six.find(target.high(), target.low());
        if (target.isMulticast() || anonymous && (hardware >= 0 || !p.destination().isMulticast()) || ours == null) {
            return true;
        }
        if (!ours.usable()) {
            if (anonymous && ours.state == Address6.State.TENTATIVE) {
                link.six.duplicate(ours); // somebody is about to take it as well
            }
            return true;
        }
        if (!anonymous) {
            stack.neighbours6.heard(link, from, hardware, true, now);
        }
        advertise(link, target, anonymous
                ? new IpAddress(0xFF02L << 48 | (long) link.six.scope() << 32, 1)
                : from, !anonymous, now);
        return true;
    }

    /** A neighbour says his hardware address. */
    boolean advertisement(Packet p, int type, long now) {
        if (!valid(p, LENGTH)) {
            return true;
        }
        Link link = stack.link(p);
        IpAddress target = target(p);
        int flags = Icmp6.rest(p, p.transport());
        boolean solicited = (flags & SOLICITED) != 0;
        if (target.isMulticast() || solicited && p.destination().isMulticast()) {
            return true;
        }
        Address6 ours = link.six.find(target.high(), target.low());
        if (ours != null) {
            if (ours.state == Address6.State.TENTATIVE) {
                link.six.duplicate(ours);
            } else if (ours.usable()) {
                stack.counters.duplicates++; // somebody claims it: we keep it, and say so
                advertise(link, target, new IpAddress(0xFF02L << 48 | (long) link.six.scope() << 32, 1), false, now);
            }
            return true;
        }
        stack.neighbours6.advertised(link, target, hardware(p, p.transport() + LENGTH, TARGET_HARDWARE),
                (flags & ROUTER) != 0, solicited, (flags & OVERRIDE) != 0, now);
        return true;
    }

    /** Asks for a neighbour. @param source {@code ::} to find out whether somebody has an address that is to be ours */
    void solicit(Link link, IpAddress source, IpAddress target, IpAddress destination, long now) {
        boolean named = !source.isAny();
        PacketBuffer b = stack.pool.take(Stack.HEADROOM, LENGTH + (named ? HARDWARE_LENGTH : 0));
        put(b, 8, target);
        if (named) {
            hardware(b, LENGTH, SOURCE_HARDWARE, link.hardware);
        }
        send(link, b, new Icmp6(Icmp6.NEIGHBOUR_SOLICITATION, 0, 0), source, destination, now);
    }

    private void advertise(Link link, IpAddress target, IpAddress to, boolean solicited, long now) {
        PacketBuffer b = stack.pool.take(Stack.HEADROOM, LENGTH + HARDWARE_LENGTH);
        put(b, 8, target);
        hardware(b, LENGTH, TARGET_HARDWARE, link.hardware);
        int flags = OVERRIDE | (solicited ? SOLICITED : 0) | (stack.advertisers.containsKey(link) ? ROUTER : 0);
        send(link, b, new Icmp6(Icmp6.NEIGHBOUR_ADVERTISEMENT, 0, flags), target, to, now);
    }

    static void put(PacketBuffer b, int at, IpAddress address) {
        b.put64(at, IpAddress.wire(address.high()));
        b.put64(at + 8, address.low());
    }

    static void hardware(PacketBuffer b, int at, int kind, long hardware) {
        b.put16(at, kind << 8 | 1);
        b.put48(at + 2, hardware);
    }

    /** Sends a message of discovery to the link. Takes the buffer over. */
    void send(Link link, PacketBuffer b, Icmp6 header, IpAddress source, IpAddress destination, long now) {
        header.write(b, 0, source, destination);
        stack.counters.icmpSent++;
        stack.ipv6.onLink(link, b, source, destination, Ipv6.ICMP, NEAR, now);
    }
}
