package kernel.ext.net.provider;

import kernel.ext.net.api.IpAddress;
import kernel.ext.net.api.IpLink;
import kernel.ext.net.api.PacketBuffer;

/** An interface of a stack. Used in the stack's strand. */
final class Link {

    final int index;
    final String name;
    final long hardware;
    final int mtu;
    final boolean intact;
    final FrameSink out;
    /** Who finds neighbours himself; null for Ethernet and loopback. */
    final IpLink ip;
    final PacketBuffer arriving = new PacketBuffer();
    final Link6 six;
    int address;
    int prefix = -1;
    /** An address that was given up since somebody else has it; 0 if there is none. */
    int duplicate;
    /** Whether the address is asked for and not used yet: nothing but probes goes out with it ({@link Claims#waits}). */
    boolean tentative;
    boolean up = true;
    /** Whether packets to anybody are taken, as a gateway does. */
    boolean takesAll;
    long received;
    long receivedBytes;
    long sent;
    long sentBytes;
    long dropped;

    /** @param out null for the loopback interface */
    Link(Stack stack, int index, String name, long hardware, int mtu, boolean intact, FrameSink out) {
        this(stack, index, name, hardware, mtu, intact, out, null);
    }

    /** One that is no Ethernet. */
    Link(Stack stack, int index, IpLink ip) {
        this(stack, index, ip.name(), 0, ip.mtu(), ip.intact(), (_, _, _) -> {}, ip);
    }

    private Link(Stack stack, int index, String name, long hardware, int mtu, boolean intact, FrameSink out,
            IpLink ip) {
        this.index = index;
        this.name = name;
        this.hardware = hardware;
        this.mtu = mtu;
        this.intact = intact;
        this.out = out;
        this.ip = ip;
        six = new Link6(stack, this);
    }

    int mask() {
        return prefix <= 0 ? 0 : -1 << 32 - prefix;
    }

    /** Whether the address is directly reachable here. */
    boolean near(int other) {
        return prefix >= 0 && (other & mask()) == (address & mask());
    }

    boolean broadcast(int other) {
        return other == -1 || prefix >= 0 && prefix < 31 && near(other) && (other | mask()) == -1;
    }

    @Override
    public String toString() {
        return name + " " + IpAddress.of(address) + "/" + prefix;
    }
}
