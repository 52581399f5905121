package kernel.ext.net.provider;

import java.util.BitSet;
import kernel.ext.net.api.Checksum;
import kernel.ext.net.api.IpAddress;
import kernel.ext.net.api.Packet;
import kernel.ext.net.api.header.Ipv4;
import kernel.ext.net.api.header.Udp;

/** Which ports are diverted, and the way there. Used in the stack's strand. */
final class Diversions {

    /** Ports behind diverted ones are taken from here up to those that are given to who asks for none in particular. */
    private static final int FIRST_BACK = 16384;

    private final Stack stack;
    private TakenDoor[] udp;
    private TakenDoor[] tcp;
    private int open;

    Diversions(Stack stack) {
        this.stack = stack;
    }

    private TakenDoor[] table(int protocol) {
        return protocol == Ipv4.UDP ? udp : tcp;
    }

    /** Whether a port is diverted. */
    boolean taken(int protocol, int port) {
        TakenDoor[] table = table(protocol);
        return table != null && port < table.length && table[port] != null;
    }

    /** Whether somebody has a port. */
    boolean used(int protocol, int port) {
        return taken(protocol, port) || (protocol == Ipv4.UDP
                ? stack.udp.ports.containsKey(port)
                : stack.connections.taken(IpAddress.ANY, false, port) || stack.ports.holds(IpAddress.ANY, port));
    }

    /** Finds so many free ports in a row. @return the first, or 0 if there are none */
    int free(int protocol, int count) {
        BitSet used = new BitSet();
        stack.connections.all().forEach(tcb -> used.set(tcb.localPort));
        int from = FIRST_BACK;
        for (int port = FIRST_BACK; port < UdpLayer.FIRST_FREE; port++) {
            if (protocol == Ipv4.TCP && used.get(port) || used(protocol, port)) {
                from = port + 1;
            } else if (port - from + 1 == count) {
                return from;
            }
        }
        return 0;
    }

    void add(TakenDoor door) {
        if (udp == null) {
            udp = new TakenDoor[65536];
            tcp = new TakenDoor[65536];
        }
        set(door, door);
        open++;
    }

    void remove(TakenDoor door) {
        set(door, null);
        open--;
    }

    private void set(TakenDoor door, TakenDoor value) {
        TakenDoor[] table = table(door.protocol);
        table[door.port()] = value;
        for (int i = 0; i < door.backs(); i++) {
            table[door.firstBack() + i] = value;
        }
    }

    /** A packet came that may be diverted. @return whether it was */
    boolean received(Packet p, int protocol, long now) {
        int at = p.transport();
        if (open == 0 || p.end() - at < Udp.LENGTH) {
            return false;
        }
        TakenDoor door = table(protocol)[p.u16(at + 2)];
        if (door == null) {
            return false;
        }
        int length = length(p, protocol);
        boolean unchecked = p.intact() || protocol == Ipv4.UDP && Udp.checksum(p, at) == 0;
        if (length < Udp.LENGTH || length > p.end() - at
                || !unchecked && Checksum.of(p.sum(pseudo(p, protocol, length), at, length)) != 0) {
            return false; // the transport counts it
        }
        return stack.graph.divert().received(p, door.door(), now);
    }

    /** Bytes of the transport's packet, without what may be behind it. */
    static int length(Packet p, int protocol) {
        return protocol == Ipv4.UDP ? Udp.length(p, p.transport()) : p.end() - p.transport();
    }

    private static long pseudo(Packet p, int protocol, int length) {
        long sum = Checksum.address(Checksum.address(0, p.sourceHigh(), p.sourceLow()), p.destinationHigh(),
                p.destinationLow());
        return sum + protocol + length;
    }
}
