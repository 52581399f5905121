package kernel.ext.net.api.header;

import kernel.ext.net.api.Packet;
import kernel.ext.net.api.PacketBuffer;

/**
 * Header of an Ethernet II frame (IEEE 802.3 clause 3).
 *
 * @param destination hardware address, 48 bits
 * @param source hardware address, 48 bits
 * @param type what the frame carries, 0x600 to 0xFFFF
 */
public record Ethernet(long destination, long source, int type) {

    /** Bytes of it. */
    public static final int LENGTH = 14;
    /** {@link #type} of IPv4 (RFC 894). */
    public static final int IPV4 = 0x800;
    /** {@link #type} of ARP (RFC 826). */
    public static final int ARP = 0x806;
    /** {@link #type} of IPv6 (RFC 2464). */
    public static final int IPV6 = 0x86DD;
    /** To all. */
    public static final long BROADCAST = 0xFFFF_FFFF_FFFFL;

    /** View of {@link #destination}. */
    public static long destination(Packet p, int at) {
        return p.u48(at);
    }

    /** View of {@link #source}. */
    public static long source(Packet p, int at) {
        return p.u48(at + 6);
    }

    /** View of {@link #type}. */
    public static int type(Packet p, int at) {
        return p.u16(at + 12);
    }

    /** Reads all of it. */
    public static Ethernet of(Packet p, int at) {
        return new Ethernet(destination(p, at), source(p, at), type(p, at));
    }

    /** Writes it. */
    public void write(PacketBuffer b, int at) {
        write(b, at, destination, source, type);
    }

    /** Writes one without making one. */
    public static void write(PacketBuffer b, int at, long destination, long source, int type) {
        b.put48(at, destination);
        b.put48(at + 6, source);
        b.put16(at + 12, type);
    }

    /** A hardware address as people write it, {@code 08:00:2b:01:02:03}. */
    public static String text(long address) {
        StringBuilder text = new StringBuilder();
        for (int shift = 40; shift >= 0; shift -= 8) {
            text.append(text.isEmpty() ? "" : ":").append("%02x".formatted(address >>> shift & 255));
        }
        return text.toString();
    }
}
