package kernel.ext.net.api.header;

import kernel.ext.net.api.IpAddress;
import kernel.ext.net.api.Packet;
import kernel.ext.net.api.PacketBuffer;

/**
 * Header of an IPv6 packet (RFC 8200 section 3), without extension headers.
 *
 * @param service DSCP and ECN, 0 to 255
 * @param flow label, 20 bits
 * @param length bytes after the header
 * @param next what follows: an extension header or a protocol
 * @param hops that it may make
 * @param source address, as on the wire
 * @param destination address, as on the wire
 */
public record Ipv6(int service, int flow, int length, int next, int hops, IpAddress source, IpAddress destination) {

    /** Bytes of it. */
    public static final int LENGTH = 40;
    /** Every link carries packets of so many bytes (RFC 8200 section 5). */
    public static final int LEAST_MTU = 1280;
    /** {@link #next}: extension headers (RFC 8200 section 4). */
    public static final int HOP_BY_HOP = 0, ROUTING = 43, FRAGMENT = 44, NONE = 59, DESTINATION = 60;
    /** {@link #next}: ICMPv6 (RFC 4443). */
    public static final int ICMP = 58;
    /** Bytes of a fragment header. */
    public static final int FRAGMENT_LENGTH = 8;

    /** View of {@link #length}. */
    public static int length(Packet p, int at) {
        return p.u16(at + 4);
    }

    /** View of {@link #next}. */
    public static int next(Packet p, int at) {
        return p.u8(at + 6);
    }

    /** View of {@link #hops}. */
    public static int hops(Packet p, int at) {
        return p.u8(at + 7);
    }

    /** Whether the header is whole, of version 6, and the packet as long as it says. */
    public static boolean valid(Packet p, int at) {
        return p.length() - at >= LENGTH && p.u8(at) >>> 4 == 6 && length(p, at) <= p.length() - at - LENGTH;
    }

    /** Reads all of it. */
    public static Ipv6 of(Packet p, int at) {
        int first = p.i32(at);
        return new Ipv6(first >>> 20 & 255, first & 0xFFFFF, length(p, at), next(p, at), hops(p, at),
                new IpAddress(p.i64(at + 8), p.i64(at + 16)), new IpAddress(p.i64(at + 24), p.i64(at + 32)));
    }

    /** Writes it. */
    public void write(PacketBuffer b, int at) {
        write(b, at, service << 20 | flow, length, next << 8 | hops, source.high(), source.low(), destination.high(),
                destination.low());
    }

    /**
     * Writes one without making one; {@code serviceFlow} is the service in bits 27 to 20, the flow below; {@code nextHops} what follows in
     * the higher byte, the hop limit in the lower.
     */
    public static void write(PacketBuffer b, int at, int serviceFlow, int length, int nextHops, long sourceHigh,
            long sourceLow, long destinationHigh, long destinationLow) {
        b.put32(at, 0x6000_0000 | serviceFlow);
        b.put16(at + 4, length);
        b.put16(at + 6, nextHops);
        b.put64(at + 8, sourceHigh);
        b.put64(at + 16, sourceLow);
        b.put64(at + 24, destinationHigh);
        b.put64(at + 32, destinationLow);
    }

    /** Writes a fragment header (RFC 8200 section 4.5). @param offset bytes, with 1 added if more follow */
    public static void fragment(PacketBuffer b, int at, int next, int offset, int identification) {
        b.put16(at, next << 8);
        b.put16(at + 2, offset);
        b.put32(at + 4, identification);
    }
}
