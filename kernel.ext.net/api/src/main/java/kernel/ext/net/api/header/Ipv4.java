package kernel.ext.net.api.header;

import kernel.ext.net.api.Checksum;
import kernel.ext.net.api.Packet;
import kernel.ext.net.api.PacketBuffer;

/**
 * Header of an IPv4 packet (RFC 791 section 3.1), without options.
 *
 * @param service DSCP and ECN, 0 to 255
 * @param length bytes of the packet, header included
 * @param identification of the fragments of one packet, 0 to 65535
 * @param flags {@link #DONT_FRAGMENT} and {@link #MORE_FRAGMENTS}, and the fragment's place in units of 8 bytes below
 * @param ttl hops left
 * @param protocol of the payload
 * @param source address
 * @param destination address
 */
public record Ipv4(int service, int length, int identification, int flags, int ttl, int protocol, int source,
        int destination) {

    /** Bytes of it without options. */
    public static final int LENGTH = 20;
    /** {@link #protocol} of ICMP. */
    public static final int ICMP = 1;
    /** {@link #protocol} of TCP. */
    public static final int TCP = 6;
    /** {@link #protocol} of UDP. */
    public static final int UDP = 17;
    /** In {@link #flags}. */
    public static final int DONT_FRAGMENT = 0x4000;
    /** In {@link #flags}. */
    public static final int MORE_FRAGMENTS = 0x2000;

    /** Bytes of the header with its options. */
    public static int headerLength(Packet p, int at) {
        return (p.u8(at) & 15) * 4;
    }

    /** View of {@link #length}. */
    public static int length(Packet p, int at) {
        return p.u16(at + 2);
    }

    /** View of {@link #identification}. */
    public static int identification(Packet p, int at) {
        return p.u16(at + 4);
    }

    /** View of {@link #flags}. */
    public static int flags(Packet p, int at) {
        return p.u16(at + 6);
    }

    /** Where in the packet's payload the fragment's stands, in bytes. */
    public static int fragmentOffset(Packet p, int at) {
        return (p.u16(at + 6) & 0x1FFF) * 8;
    }

    /** View of {@link #ttl}. */
    public static int ttl(Packet p, int at) {
        return p.u8(at + 8);
    }

    /** View of {@link #protocol}. */
    public static int protocol(Packet p, int at) {
        return p.u8(at + 9);
    }

    /** View of {@link #source}. */
    public static int source(Packet p, int at) {
        return p.i32(at + 12);
    }

    /** View of {@link #destination}. */
    public static int destination(Packet p, int at) {
        return p.i32(at + 16);
    }

    /** Whether the header is whole, of version 4, as long as it says, and its checksum right. */
    public static boolean valid(Packet p, int at) {
        if (p.length() - at < LENGTH || p.u8(at) >>> 4 != 4) {
            return false;
        }
        int header = headerLength(p, at);
        int length = length(p, at);
        return header >= LENGTH && header <= length && length <= p.length() - at
                && Checksum.of(p.sum(0, at, header)) == 0;
    }

    /** Reads all of it but the options. */
    public static Ipv4 of(Packet p, int at) {
        return new Ipv4(p.u8(at + 1), length(p, at), identification(p, at), flags(p, at), ttl(p, at), protocol(p, at),
                source(p, at), destination(p, at));
    }

    /** Writes it, with its checksum. */
    public void write(PacketBuffer b, int at) {
        write(b, at, service, length, identification, flags, ttl << 8 | protocol, source, destination);
    }

    /** Writes one without making one; {@code ttlProtocol} is the time to live in the higher byte, the protocol in the lower. */
    public static void write(PacketBuffer b, int at, int service, int length, int identification, int flags,
            int ttlProtocol, int source, int destination) {
        b.put16(at, 0x4500 | service);
        b.put16(at + 2, length);
        b.put16(at + 4, identification);
        b.put16(at + 6, flags);
        b.put16(at + 8, ttlProtocol);
        b.put32(at + 12, source);
        b.put32(at + 16, destination);
        long sum = (0x4500 | service) + length + (identification & 0xFFFF) + flags + ttlProtocol;
        sum += (source & 0xFFFF_FFFFL) + (destination & 0xFFFF_FFFFL);
        b.put16(at + 10, Checksum.of(sum));
    }
}
