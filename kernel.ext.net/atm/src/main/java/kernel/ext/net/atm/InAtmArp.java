package kernel.ext.net.atm;

import kernel.ext.net.api.Packet;
import kernel.ext.net.api.PacketBuffer;

/**
 * Who is at the other end of a circuit? (InATMARP, RFC 2225 section 8.7, of RFC 2390.) On permanent circuits ATM addresses are
 * left out.
 *
 * @param operation {@link #REQUEST} or {@link #REPLY}
 * @param sender IPv4 address
 * @param target IPv4 address, 0 if it is what is asked for
 */
record InAtmArp(int operation, int sender, int target) {

    /** Bytes of one without ATM addresses. */
    static final int LENGTH = 20;
    static final int REQUEST = 8, REPLY = 9;
    private static final int ATM_IPV4 = 0x13_0800;

    /** Bytes of an ATM number, from its type and length: the type is bit 6. */
    private static int bytes(int typeAndLength) {
        return typeAndLength & 0x3F;
    }

    /** Where the sender's IPv4 address is; -1 if there is none, or the packet is not whole. */
    private static int senderAt(Packet p, int at) {
        if (p.length() - at < 12 || p.i32(at) != ATM_IPV4 || p.u8(at + 8) != 4) {
            return -1;
        }
        int sender = at + 12 + bytes(p.u8(at + 4)) + bytes(p.u8(at + 5));
        return p.length() - sender >= 4 ? sender : -1;
    }

    static boolean valid(Packet p, int at) {
        return senderAt(p, at) >= 0;
    }

    static InAtmArp of(Packet p, int at) {
        int sender = senderAt(p, at);
        int target = sender + 4 + bytes(p.u8(at + 9)) + bytes(p.u8(at + 10));
        boolean told = p.u8(at + 11) == 4 && p.length() - target >= 4;
        return new InAtmArp(p.u16(at + 6), p.i32(sender), told ? p.i32(target) : 0);
    }

    void write(PacketBuffer b, int at) {
        b.put32(at, ATM_IPV4);
        b.put16(at + 4, 0);
        b.put16(at + 6, operation);
        b.put32(at + 8, 0x0400_0004);
        b.put32(at + 12, sender);
        b.put32(at + 16, target);
    }
}
