package kernel.ext.net.api.header;

import kernel.ext.net.api.Packet;
import kernel.ext.net.api.PacketBuffer;

/**
 * Header of a UDP datagram (RFC 768).
 *
 * @param source port
 * @param destination port
 * @param length bytes of the datagram, header included
 * @param checksum 0 if there is none
 */
public record Udp(int source, int destination, int length, int checksum) {

    /** Bytes of it. */
    public static final int LENGTH = 8;

    /** View of {@link #source}. */
    public static int source(Packet p, int at) {
        return p.u16(at);
    }

    /** View of {@link #destination}. */
    public static int destination(Packet p, int at) {
        return p.u16(at + 2);
    }

    /** View of {@link #length}. */
    public static int length(Packet p, int at) {
        return p.u16(at + 4);
    }

    /** View of {@link #checksum}. */
    public static int checksum(Packet p, int at) {
        return p.u16(at + 6);
    }

    /** Reads all of it. */
    public static Udp of(Packet p, int at) {
        return new Udp(source(p, at), destination(p, at), length(p, at), checksum(p, at));
    }

    /** Writes it. */
    public void write(PacketBuffer b, int at) {
        b.put32(at, source << 16 | destination);
        b.put16(at + 4, length);
        b.put16(at + 6, checksum);
    }
}
