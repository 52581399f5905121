package kernel.ext.net.provider;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import kernel.ext.net.api.Checksum;
import kernel.ext.net.api.IpAddress;
import kernel.ext.net.api.NetworkException;
import kernel.ext.net.api.Packet;
import kernel.ext.net.api.PacketBuffer;
import kernel.ext.net.api.UdpReceive;
import kernel.ext.net.api.header.Icmp;
import kernel.ext.net.api.header.Icmp6;
import kernel.ext.net.api.header.Ipv4;
import kernel.ext.net.api.header.Udp;

/**
 * UDP (RFC 768, RFC 1122 section 4.1), and its protocol manager: it binds to the node for an application, for the application's
 * port alone, and writes the source of what the application sends. Used in the stack's strand.
 */
final class UdpLayer {

    /** Ports that are given to those who ask for none in particular (RFC 6335 section 6). */
    static final int FIRST_FREE = 49152;

    /** An application's port. */
    final class Port {
        final int number;
        private final Runnable unbind;
        Consumer<NetworkException> troubled;
        long received;
        long sent;

        private Port(int number, String name, UdpReceive handler) {
            this.number = number;
            unbind = stack.graph.udp(number, name, (packet, port, now) -> {
                if (stack.current(packet) == null) {
                    return false; // raised by somebody else than this stack
                }
                received++;
                return handler.received(packet, port, now);
            });
        }

        /** Tells whose it is what went wrong. */
        void trouble(String what, String where) {
            if (troubled != null) {
                troubled.accept(NetworkException.of(what, where));
            }
        }

        /** Takes the binding away. */
        void close() {
            if (ports.remove(number, this)) {
                unbind.run();
            }
        }
    }

    private final Stack stack;
    final Map<Integer, Port> ports = new HashMap<>();
    private int next = FIRST_FREE;

    UdpLayer(Stack stack) {
        this.stack = stack;
    }

    /** Ports are given as from a stack that has not given any. */
    void restart() {
        next = FIRST_FREE;
    }

    /**
     * Binds for an application.
     *
     * @param wanted the port, or 0 for any that is free
     * @return null if it is taken
     */
    Port bind(int wanted, String name, UdpReceive handler) {
        int number = wanted;
        for (int i = 0; wanted == 0 && i < 65536 - FIRST_FREE && (number == 0 || taken(number)); i++) {
            number = next;
            next = next == 65535 ? FIRST_FREE : next + 1;
        }
        if (taken(number)) {
            return null;
        }
        Port port = new Port(number, name, handler);
        ports.put(number, port);
        return port;
    }

    private boolean taken(int number) {
        return ports.containsKey(number) || stack.diversions.taken(Ipv4.UDP, number);
    }

    /** Takes all that nobody else does, as a gateway. */
    Runnable bindAll(UdpReceive handler) {
        return stack.graph.udp(0, "all", handler);
    }

    boolean received(Packet p, int protocol, long now) {
        int at = p.transport();
        if (p.end() - at < Udp.LENGTH) {
            stack.counters.udpDamaged++;
            return true;
        }
        int length = Udp.length(p, at);
        boolean bare = Udp.checksum(p, at) == 0 && !IpAddress.isV4(p.sourceHigh(), p.sourceLow());
        if (length < Udp.LENGTH || length > p.end() - at || bare && !p.intact() // RFC 8200 section 8.1
                || !p.intact() && Udp.checksum(p, at) != 0 && checksum(p, at, length) != 0) {
            stack.counters.udpDamaged++;
            return true;
        }
        stack.counters.udpReceived++;
        if (!stack.graph.udp().received(p, Udp.destination(p, at), now)) {
            stack.counters.udpUnwanted++;
            if (IpAddress.isV4(p.sourceHigh(), p.sourceLow())) {
                stack.icmp.error(p, Icmp.UNREACHABLE, Icmp.PORT, 0, now);
            } else {
                stack.icmp6.error(p, Icmp6.UNREACHABLE, Icmp6.PORT, 0, false, now);
            }
        }
        return true;
    }

    private static int checksum(Packet p, int at, int length) {
        long sum = Checksum.address(Checksum.address(0, p.sourceHigh(), p.sourceLow()), p.destinationHigh(),
                p.destinationLow());
        return Checksum.of(p.sum(sum + Ipv4.UDP + length, at, length));
    }

    /** Sends from an address of ours. The bytes are copied. */
    void send(int fromPort, IpAddress from, IpAddress to, int toPort, byte[] bytes, int offset, int count, int ttl,
            long now) {
        int length = Udp.LENGTH + count;
        PacketBuffer b = stack.pool.take(Stack.HEADROOM, length);
        b.put(Udp.LENGTH, bytes, offset, count);
        b.put32(0, fromPort << 16 | toPort);
        b.put32(4, length << 16);
        if (!stack.ip.intact(to)) {
            long sum = Checksum.address(Checksum.address(0, from.high(), from.low()), to.high(), to.low());
            int checksum = Checksum.of(b.packet().sum(sum + Ipv4.UDP + length, 0, length));
            b.put16(6, checksum == 0 ? 0xFFFF : checksum);
        }
        stack.counters.udpSent++;
        stack.ip.send(b, from, to, Ipv4.UDP, ttl, false, now);
    }

    /** Sends to all of a link, whatever routes and addresses there are. The bytes are copied. */
    void sendToAll(Link link, int fromPort, IpAddress from, int toPort, byte[] bytes, long now) {
        int length = Udp.LENGTH + bytes.length;
        PacketBuffer b = stack.pool.take(Stack.HEADROOM, length);
        b.put(Udp.LENGTH, bytes, 0, bytes.length);
        b.put32(0, fromPort << 16 | toPort);
        b.put32(4, length << 16);
        IpAddress all = IpAddress.BROADCAST;
        long sum = Checksum.address(Checksum.address(0, from.high(), from.low()), all.high(), all.low());
        int checksum = Checksum.of(b.packet().sum(sum + Ipv4.UDP + length, 0, length));
        b.put16(6, checksum == 0 ? 0xFFFF : checksum);
        stack.counters.udpSent++;
        stack.ipv4.toAll(link, b, from, Ipv4.UDP, now);
    }

    /** A datagram of ours did not arrive. */
    void unreachable(IpAddress from, int fromPort, IpAddress to, int toPort, String reason) {
        Port port = ports.get(fromPort);
        if (port != null) {
            port.trouble(reason, to + " port " + toPort);
        }
    }
}
