package kernel.ext.net.provider;

import java.io.IOException;
import kernel.ext.net.api.Checksum;
import kernel.ext.net.api.Diversion;
import kernel.ext.net.api.IpAddress;
import kernel.ext.net.api.NetworkException;
import kernel.ext.net.api.Packet;
import kernel.ext.net.api.PacketBuffer;
import kernel.ext.net.api.TransportDivert;
import kernel.ext.net.api.header.Ipv4;

/**
 * The protocol manager of diverted ports: its application sees the packets of its ports alone, and what it sends on has one of our addresses
 * and one of its ports as source. Thread-safe: by the host's lock.
 */
final class TakenDoor implements Diversion {

    private final Host host;
    final int protocol;
    private final int port;
    private final int firstBack;
    private final int backs;
    private Runnable unbind;

    /** @param wantedBack the first port behind it; 0 for any */
    TakenDoor(Host host, int protocol, int port, int wantedBack, int backs, String name, TransportDivert handler)
            throws IOException {
        this.host = host;
        this.protocol = protocol;
        this.port = port;
        this.backs = backs;
        if (protocol != Ipv4.UDP && protocol != Ipv4.TCP || port < 1 || port > 65535 || backs < 0 || backs > 30000) {
            throw new NetworkException(NetworkException.Reason.OTHER,
                    "Protocol 6 or 17, port 1 to 65535, and up to 30,000 ports behind it can be diverted");
        }
        host.enter();
        try {
            Stack stack = host.stack;
            firstBack = backs == 0 || wantedBack != 0 ? wantedBack : stack.diversions.free(protocol, backs);
            if (stack.diversions.used(protocol, port) || backs > 0 && firstBack == 0
                    || port >= firstBack && port < firstBack + backs) {
                throw new NetworkException(NetworkException.Reason.IN_USE,
                        "Port " + port + " is taken, or there are no " + backs + " free ports behind it");
            }
            unbind = stack.graph.divert(door(), name,
                    (packet, door, now) -> stack.current(packet) != null && handler.received(packet, door, now));
            stack.diversions.add(this);
        } finally {
            host.leave();
        }
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public int firstBack() {
        return firstBack;
    }

    @Override
    public int backs() {
        return backs;
    }

    @Override
    public int door() {
        return protocol << 16 | port;
    }

    @Override
    public boolean send(Packet p, IpAddress source, int sourcePort, IpAddress destination, int destinationPort,
            long now) throws IOException {
        host.enter();
        try {
            Stack stack = host.stack;
            boolean own = sourcePort == port || sourcePort >= firstBack && sourcePort < firstBack + backs;
            if (stack.current(p) == null || unbind == null || !own || !stack.ours(source)
                    || source.isV4() != p.source().isV4()) {
                throw new NetworkException(NetworkException.Reason.NOT_OURS,
                        "Only what is being handled can be sent on, from " + source + " port " + sourcePort
                                + " only if that is ours");
            }
            int hops = source.isV4() ? Ipv4.ttl(p, p.network()) : p.u8(p.network() + 7);
            if (hops <= 1) {
                stack.counters.expired++;
                return false;
            }
            int at = p.transport();
            int length = Diversions.length(p, protocol);
            PacketBuffer b = stack.pool.take(Stack.HEADROOM, length);
            b.put(0, p, at, length);
            b.put32(0, sourcePort << 16 | destinationPort);
            checksum(b, p, length, source, destination);
            stack.counters.forwarded++;
            stack.ip.send(b, source, destination, protocol, hops - 1, false, now);
            stack.settle(now);
            return true;
        } finally {
            host.leave();
        }
    }

    /** RFC 1624: what was in the sum goes out of it, what is now comes in. */
    private void checksum(PacketBuffer b, Packet p, int length, IpAddress source, IpAddress destination) {
        int field = protocol == Ipv4.UDP ? 6 : 16;
        int old = b.packet().u16(field);
        if (protocol == Ipv4.UDP && old == 0 && !p.intact()) {
            return; // it has none
        }
        long is = Checksum.address(Checksum.address(0, source.high(), source.low()), destination.high(),
                destination.low());
        int sum;
        if (p.intact()) { // the wire that it came by keeps packets as they are, so nobody has computed one
            b.put16(field, 0);
            sum = Checksum.of(b.packet().sum(is + protocol + length, 0, length));
        } else {
            long was = Checksum.address(Checksum.address(0, p.sourceHigh(), p.sourceLow()), p.destinationHigh(),
                    p.destinationLow()) + p.u16(p.transport()) + p.u16(p.transport() + 2);
            is += b.packet().u16(0) + b.packet().u16(2);
            sum = Checksum.of((~old & 0xFFFF) + Checksum.of(was) + is);
        }
        b.put16(field, protocol == Ipv4.UDP && sum == 0 ? 0xFFFF : sum);
    }

    @Override
    public void close() {
        host.enter();
        try {
            if (unbind != null) {
                host.stack.diversions.remove(this);
                unbind.run();
                unbind = null;
            }
        } finally {
            host.leave();
        }
    }
}
