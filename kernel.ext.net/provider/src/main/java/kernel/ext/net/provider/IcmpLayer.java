package kernel.ext.net.provider;

import java.util.ArrayList;
import java.util.List;
import kernel.ext.net.api.Checksum;
import kernel.ext.net.api.IpAddress;
import kernel.ext.net.api.Packet;
import kernel.ext.net.api.PacketBuffer;
import kernel.ext.net.api.header.Icmp;
import kernel.ext.net.api.header.Ipv4;

/**
 * ICMP (RFC 792, RFC 1122 section 3.2.2): answers echoes, tells of errors (at most 100 a second, never about errors, groups or
 * later fragments), and hands errors that come to whom they concern. Used in the stack's strand.
 */
final class IcmpLayer {

    private static final long SECOND = 1_000_000_000L;
    private static final int ERRORS = 100;
    /** How much of the packet an error quotes (RFC 1812 section 4.3.2.3). */
    private static final int QUOTE = 548;

    private final Stack stack;
    private final List<EchoListener> listeners = new ArrayList<>();
    private long second = Long.MIN_VALUE / 2;
    private int errors;

    IcmpLayer(Stack stack) {
        this.stack = stack;
    }

    boolean received(Packet p, int protocol, long now) {
        if (!IpAddress.isV4(p.sourceHigh(), p.sourceLow())) {
            return false; // of no meaning in IPv6
        }
        int at = p.transport();
        int length = p.end() - at;
        if (length < Icmp.LENGTH || Checksum.of(p.sum(0, at, length)) != 0) {
            stack.counters.damaged++;
            return true;
        }
        stack.counters.icmpReceived++;
        stack.graph.icmp().received(p, Icmp.type(p, at), now);
        return true;
    }

    boolean echo(Packet p, int type, long now) {
        int to = IpAddress.of((int) p.destinationLow()).v4();
        if (!stack.ours(to) && !stack.link(p).takesAll) {
            return true; // pings to groups are not answered
        }
        int at = p.transport();
        int length = p.end() - at;
        Options4 recorded = stack.ipv4.recorded(p, now);
        PacketBuffer b = stack.pool.take(Stack.HEADROOM + (recorded == null ? 0 : Options4.ROOM), length);
        b.put(0, p, at, length);
        new Icmp(Icmp.ECHO_REPLY, Icmp.code(p, at), Icmp.rest(p, at)).write(b, 0);
        stack.counters.icmpSent++;
        stack.ipv4.send(b, p.destination(), p.source(), Ipv4.ICMP << 8 | 64, false, recorded, now);
        return true;
    }

    /** Answers to our echoes. */
    boolean reply(Packet p, int type, long now) {
        int at = p.transport();
        answered("reply", p.source(), Icmp.rest(p, at), now);
        return true;
    }

    private void answered(String what, IpAddress from, int rest, long now) {
        for (EchoListener listener : List.copyOf(listeners)) {
            listener.answered(what, from, rest, now);
        }
    }

    /** An error about a packet that we sent. */
    boolean error(Packet p, int type, long now) {
        int at = p.transport() + Icmp.LENGTH;
        if (p.end() - at < Ipv4.LENGTH + 8 || p.u8(at) >>> 4 != 4) {
            return true;
        }
        int code = Icmp.code(p, p.transport());
        int inner = at + Ipv4.headerLength(p, at);
        if (p.end() - inner < 8) {
            return true;
        }
        IpAddress from = IpAddress.of(Ipv4.source(p, at));
        IpAddress to = IpAddress.of(Ipv4.destination(p, at));
        switch (Ipv4.protocol(p, at)) {
            case Ipv4.ICMP -> answered(type == Icmp.TIME_EXCEEDED ? "time exceeded" : text(code), p.source(),
                    p.i32(inner + 4), now);
            case Ipv4.TCP -> {
                int mtu = type == Icmp.UNREACHABLE && code == Icmp.TOO_BIG ? mtu(p) : 0;
                if (mtu > 0 && stack.ours(from)) {
                    stack.pathMtus.learn(to, mtu, now);
                }
                if (type == Icmp.UNREACHABLE) {
                    stack.tcp.unreachable(stack.connections, from, p.u16(inner), to, p.u16(inner + 2),
                            p.i32(inner + 4), mtu == 0 ? 0 : mtu - Ipv4.LENGTH, text(code), now);
                }
            }
            case Ipv4.UDP -> stack.udp.unreachable(from, p.u16(inner), to, p.u16(inner + 2), text(code));
            default -> {
                // of no concern to anybody
            }
        }
        return true;
    }

    private static int mtu(Packet p) {
        int mtu = p.u16(p.transport() + 6);
        return mtu == 0 ? 576 : Math.max(mtu, 168);
    }

    static String text(int code) {
        return switch (code) {
            case Icmp.NETWORK -> "Network is unreachable";
            case Icmp.PROTOCOL, Icmp.PORT -> "Connection refused";
            default -> "No route to host";
        };
    }

    /** Tells a packet's sender what was wrong. */
    void error(Packet p, int type, int code, int rest, long now) {
        int at = p.network();
        int from = Ipv4.source(p, at);
        int to = Ipv4.destination(p, at);
        boolean aboutError = Ipv4.protocol(p, at) == Ipv4.ICMP
                && (p.end() == p.transport() || Icmp.type(p, p.transport()) != Icmp.ECHO);
        if (aboutError || Ipv4.fragmentOffset(p, at) != 0 || from == 0 || to >>> 28 == 14 || to == -1
                || stack.link(p).broadcast(to) || stack.link(p).broadcast(from)) {
            return;
        }
        IpAddress source = stack.ours(to) || stack.link(p).takesAll
                ? IpAddress.of(to)
                : IpAddress.of(stack.link(p).address);
        tell(p, at, Math.min(p.end() - at, QUOTE), source, IpAddress.of(from), new Icmp(type, code, rest), now);
    }

    private void tell(Packet p, int at, int quote, IpAddress source, IpAddress to, Icmp header, long now) {
        if (now - second >= SECOND || now < second) {
            second = now;
            errors = 0;
        }
        if (errors++ >= ERRORS) {
            return;
        }
        PacketBuffer b = stack.pool.take(Stack.HEADROOM, Icmp.LENGTH + quote);
        b.put(Icmp.LENGTH, p, at, quote);
        header.write(b, 0);
        stack.counters.icmpSent++;
        stack.ipv4.send(b, source, to, Ipv4.ICMP, 64, false, now);
    }

    /** A neighbour is not there: tells whoever sent the packet, perhaps ourselves. */
    void absent(Packet p, long now) {
        IpAddress from = IpAddress.of(Ipv4.source(p, 0));
        if (Ipv4.protocol(p, 0) != Ipv4.ICMP) {
            tell(p, 0, Math.min(p.length(), QUOTE), stack.ours(from.v4()) ? from : stack.ipv4.sourceFor(from), from,
                    new Icmp(Icmp.UNREACHABLE, Icmp.HOST, 0), now);
        } else if (stack.ours(from.v4())) {
            answered(text(Icmp.HOST), from, p.i32(Ipv4.headerLength(p, 0) + 4), now);
        }
    }

    void listen(EchoListener listener) {
        listeners.add(listener);
    }

    void forget(EchoListener listener) {
        listeners.remove(listener);
    }

    /** Sends an echo. @return whether there is a route */
    boolean ping(IpAddress to, int ttl, int rest, int bytes, long now) {
        IpAddress source = stack.ipv4.sourceFor(to);
        if (source == null) {
            return false;
        }
        PacketBuffer b = stack.pool.take(Stack.HEADROOM, Icmp.LENGTH + bytes);
        for (int i = 0; i < bytes; i++) {
            b.put8(Icmp.LENGTH + i, i);
        }
        new Icmp(Icmp.ECHO, 0, rest).write(b, 0);
        stack.counters.icmpSent++;
        stack.ipv4.send(b, source, to, Ipv4.ICMP, ttl, false, now);
        return true;
    }
}
