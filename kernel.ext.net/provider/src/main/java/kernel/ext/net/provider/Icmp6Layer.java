package kernel.ext.net.provider;

import java.util.ArrayList;
import java.util.List;
import kernel.ext.net.api.IpAddress;
import kernel.ext.net.api.Packet;
import kernel.ext.net.api.PacketBuffer;
import kernel.ext.net.api.header.Icmp6;
import kernel.ext.net.api.header.Ipv4;
import kernel.ext.net.api.header.Ipv6;

/**
 * ICMPv6 (RFC 4443): answers echoes, tells of errors (at most 100 a second, never about errors, and about packets to groups only as the
 * RFC says), and hands errors that come to whom they concern. Used in the stack's strand.
 */
final class Icmp6Layer {

    private static final long SECOND = 1_000_000_000L;
    private static final int ERRORS = 100;
    /** How much of the packet an error quotes: what fits into the least MTU. */
    private static final int QUOTE = Ipv6.LEAST_MTU - Ipv6.LENGTH - Icmp6.LENGTH;
    private static final int LIMIT = 8;

    private final Stack stack;
    private final List<EchoListener> listeners = new ArrayList<>();
    private long second = Long.MIN_VALUE / 2;
    private int errors;

    Icmp6Layer(Stack stack) {
        this.stack = stack;
    }

    boolean received(Packet p, int protocol, long now) {
        if (IpAddress.isV4(p.sourceHigh(), p.sourceLow())) {
            return false; // of no meaning in IPv4
        }
        int at = p.transport();
        int length = p.end() - at;
        if (length < Icmp6.LENGTH || !p.intact() && Icmp6.sum(p, at, length, p.sourceHigh(), p.sourceLow(),
                p.destinationHigh(), p.destinationLow()) != 0) {
            stack.counters.damaged++;
            return true;
        }
        stack.counters.icmpReceived++;
        stack.graph.icmp6().received(p, Icmp6.type(p, at), now);
        return true;
    }

    boolean echo(Packet p, int type, long now) {
        IpAddress source = p.destination().isMulticast() ? stack.ipv6.sourceFor(p.source()) : p.destination();
        if (source == null || p.source().isAny()) {
            return true;
        }
        int at = p.transport();
        int length = p.end() - at;
        PacketBuffer b = stack.pool.take(Stack.HEADROOM, length);
        b.put(0, p, at, length);
        new Icmp6(Icmp6.ECHO_REPLY, Icmp6.code(p, at), Icmp6.rest(p, at)).write(b, 0, source, p.source());
        stack.counters.icmpSent++;
        stack.ipv6.send(b, source, p.source(), Ipv6.ICMP, 64, false, now);
        return true;
    }

    /** Answers to our echoes. */
    boolean reply(Packet p, int type, long now) {
        tell("reply", p.source(), Icmp6.rest(p, p.transport()), now);
        return true;
    }

    private void tell(String what, IpAddress from, int rest, long now) {
        for (EchoListener listener : List.copyOf(listeners)) {
            listener.answered(what, from, rest, now);
        }
    }

    /** An error about a packet that we sent. */
    boolean error(Packet p, int type, long now) {
        int at = p.transport() + Icmp6.LENGTH;
        if (p.end() - at < Ipv6.LENGTH || p.u8(at) >>> 4 != 6) {
            return true;
        }
        int scope = stack.link(p).six.scope();
        boolean loop = stack.link(p).out == null;
        IpAddress from = new IpAddress(p.i64(at + 8), p.i64(at + 16));
        IpAddress to = new IpAddress(p.i64(at + 24), p.i64(at + 32));
        from = loop ? from : from.scoped(scope);
        to = loop ? to : to.scoped(scope);
        if (!stack.ipv6.ours(from.high(), from.low()) && !stack.link(p).takesAll) {
            return true;
        }
        int code = Icmp6.code(p, p.transport());
        int largest = 0;
        if (type == Icmp6.TOO_BIG) {
            int mtu = Icmp6.rest(p, p.transport());
            if (mtu < Ipv6.LEAST_MTU) {
                return true; // no link is so small (RFC 8201 section 4)
            }
            stack.pathMtus.learn(to, mtu, now);
            largest = mtu - Ipv6.LENGTH;
        }
        quoted(p, at, from, to, type, text(type, code), largest, now);
        return true;
    }

    /** Finds whom it concerns by the packet that the error quotes. */
    private void quoted(Packet p, int quote, IpAddress from, IpAddress to, int type, String what, int largest,
            long now) {
        int next = Ipv6.next(p, quote);
        int at = quote + Ipv6.LENGTH;
        for (int i = 0; i < LIMIT && at + 8 <= p.end(); i++) {
            switch (next) {
                case Ipv6.ICMP -> {
                    if (largest == 0) {
                        tell(what, p.source(), p.i32(at + 4), now);
                    }
                    return;
                }
                case Ipv4.TCP -> {
                    if (type == Icmp6.UNREACHABLE || largest > 0) {
                        stack.tcp.unreachable(stack.connections, from, p.u16(at), to, p.u16(at + 2), p.i32(at + 4),
                                largest, what, now);
                    }
                    return;
                }
                case Ipv4.UDP -> {
                    if (largest == 0) {
                        stack.udp.unreachable(from, p.u16(at), to, p.u16(at + 2), what);
                    }
                    return;
                }
                case Ipv6.FRAGMENT -> {
                    if ((p.u16(at + 2) & 0xFFF8) != 0) {
                        return;
                    }
                    next = p.u8(at);
                    at += Ipv6.FRAGMENT_LENGTH;
                }
                case Ipv6.HOP_BY_HOP, Ipv6.ROUTING, Ipv6.DESTINATION -> {
                    next = p.u8(at);
                    at += (p.u8(at + 1) + 1) * 8;
                }
                default -> {
                    return;
                }
            }
        }
    }

    private static String text(int type, int code) {
        if (type == Icmp6.TIME_EXCEEDED) {
            return "time exceeded";
        }
        if (type == Icmp6.PARAMETER) {
            return code == Icmp6.NEXT_HEADER ? "Connection refused" : "No route to host";
        }
        return switch (code) {
            case Icmp6.NO_ROUTE -> "Network is unreachable";
            case Icmp6.PORT -> "Connection refused";
            default -> "No route to host";
        };
    }

    /** Tells a packet's sender what was wrong. @param evenToGroups also if the packet went to a group */
    void error(Packet p, int type, int code, int rest, boolean evenToGroups, long now) {
        IpAddress from = p.source();
        IpAddress to = p.destination();
        if (from.isAny() || from.isMulticast() || (to.isMulticast() || isGroup(p)) && !evenToGroups || aboutError(p)) {
            return;
        }
        IpAddress source = stack.ipv6.ours(to.high(), to.low()) || stack.link(p).takesAll && !to.isMulticast()
                ? to
                : stack.ipv6.sourceFor(from);
        if (source != null) {
            tell(p, p.network(), Math.min(p.end() - p.network(), QUOTE), source, from, new Icmp6(type, code, rest),
                    now);
        }
    }

    private static boolean isGroup(Packet p) {
        return p.network() == 14 && (p.u8(0) & 1) != 0;
    }

    /** Whether a packet is an error or a redirect itself, about which nobody is told (RFC 4443 section 2.4). */
    private static boolean aboutError(Packet p) {
        int at = p.network() + Ipv6.LENGTH;
        int next = Ipv6.next(p, p.network());
        for (int i = 0; i < LIMIT && at + 8 <= p.end(); i++) {
            if (next == Ipv6.ICMP) {
                return p.u8(at) < 128 || p.u8(at) == Icmp6.REDIRECT;
            }
            if (next == Ipv6.FRAGMENT) {
                if ((p.u16(at + 2) & 0xFFF8) != 0) {
                    return false; // an error is never so large
                }
                next = p.u8(at);
                at += Ipv6.FRAGMENT_LENGTH;
            } else if (next == Ipv6.HOP_BY_HOP || next == Ipv6.ROUTING || next == Ipv6.DESTINATION) {
                next = p.u8(at);
                at += (p.u8(at + 1) + 1) * 8;
            } else {
                return false;
            }
        }
        return next == Ipv6.ICMP;
    }

    /** Whether not so much was told in this second that no more may be. Counts one. */
    boolean mayTell(long now) {
        if (now - second >= SECOND || now < second) {
            second = now;
            errors = 0;
        }
        return errors++ < ERRORS;
    }

    private void tell(Packet p, int at, int quote, IpAddress source, IpAddress to, Icmp6 header, long now) {
        if (!mayTell(now)) {
            return;
        }
        PacketBuffer b = stack.pool.take(Stack.HEADROOM, Icmp6.LENGTH + quote);
        b.put(Icmp6.LENGTH, p, at, quote);
        header.write(b, 0, source, to);
        stack.counters.icmpSent++;
        stack.ipv6.send(b, source, to, Ipv6.ICMP, 64, false, now);
    }

    /** A neighbour is not there: tells whoever sent the packet, perhaps ourselves. */
    void absent(PacketBuffer b, Link link, long now) {
        Packet p = b.packet();
        IpAddress from = new IpAddress(p.i64(8), p.i64(16)).scoped(link.six.scope());
        boolean own = stack.ipv6.ours(from.high(), from.low());
        if (Ipv6.next(p, 0) == Ipv6.ICMP) {
            if (own && p.length() >= Ipv6.LENGTH + Icmp6.LENGTH && p.u8(Ipv6.LENGTH) == Icmp6.ECHO) {
                tell("No route to host", from, p.i32(Ipv6.LENGTH + 4), now);
            }
            return;
        }
        IpAddress source = own ? from : stack.ipv6.sourceFor(from);
        if (own) { // what we tell ourselves says which link it was
            b.put64(8, from.high());
            b.put64(24, new IpAddress(p.i64(24), 0).scoped(link.six.scope()).high());
        }
        if (source != null) {
            tell(p, 0, Math.min(p.length(), QUOTE), source, from, new Icmp6(Icmp6.UNREACHABLE, Icmp6.ADDRESS, 0), now);
        }
    }

    void listen(EchoListener listener) {
        listeners.add(listener);
    }

    void forget(EchoListener listener) {
        listeners.remove(listener);
    }

    /** Sends an echo. @return whether there is a route, and an address to send from */
    boolean ping(IpAddress to, int ttl, int rest, int bytes, long now) {
        IpAddress source = stack.ipv6.sourceFor(to);
        if (source == null) {
            return false;
        }
        PacketBuffer b = stack.pool.take(Stack.HEADROOM, Icmp6.LENGTH + bytes);
        for (int i = 0; i < bytes; i++) {
            b.put8(Icmp6.LENGTH + i, i);
        }
        new Icmp6(Icmp6.ECHO, 0, rest).write(b, 0, source, to);
        stack.counters.icmpSent++;
        stack.ipv6.send(b, source, to, Ipv6.ICMP, ttl, false, now);
        return true;
    }
}
