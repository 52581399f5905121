package kernel.ext.net.api.header;

import kernel.ext.net.api.Packet;
import kernel.ext.net.api.PacketBuffer;

/**
 * An ARP packet for IPv4 over Ethernet (RFC 826).
 *
 * @param operation {@link #REQUEST} or {@link #REPLY}
 * @param senderHardware 48 bits
 * @param sender IPv4 address
 * @param targetHardware 48 bits
 * @param target IPv4 address
 */
public record Arp(int operation, long senderHardware, int sender, long targetHardware, int target) {

    /** Bytes of it. */
    public static final int LENGTH = 28;
    /** Who has the target? */
    public static final int REQUEST = 1;
    /** The sender has it. */
    public static final int REPLY = 2;

    /** Whether it is one for IPv4 over Ethernet, and whole. */
    public static boolean valid(Packet p, int at) {
        return p.length() - at >= LENGTH && p.i32(at) == 0x1_0800 && p.u16(at + 4) == 0x604;
    }

    /** Reads all of it. */
    public static Arp of(Packet p, int at) {
        return new Arp(p.u16(at + 6), p.u48(at + 8), p.i32(at + 14), p.u48(at + 18), p.i32(at + 24));
    }

    /** Writes it. */
    public void write(PacketBuffer b, int at) {
        b.put32(at, 0x1_0800);
        b.put16(at + 4, 0x604);
        b.put16(at + 6, operation);
        b.put48(at + 8, senderHardware);
        b.put32(at + 14, sender);
        b.put48(at + 18, targetHardware);
        b.put32(at + 24, target);
    }
}
