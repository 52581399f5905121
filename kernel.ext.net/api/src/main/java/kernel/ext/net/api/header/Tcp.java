package kernel.ext.net.api.header;

import kernel.ext.net.api.Packet;
import kernel.ext.net.api.PacketBuffer;

/**
 * Header of a TCP segment (RFC 9293 section 3.1), without options.
 *
 * @param source port
 * @param destination port
 * @param sequence number of the first byte
 * @param acknowledgment next sequence number expected
 * @param headerLength bytes of the header with its options, 20 to 60
 * @param flags {@link #FIN} to {@link #CWR}
 * @param window as it stands there, not scaled
 */
public record Tcp(int source, int destination, int sequence, int acknowledgment, int headerLength, int flags,
        int window) {

    /** Bytes of it without options. */
    public static final int LENGTH = 20;
    /** Flags. */
    public static final int FIN = 1, SYN = 2, RST = 4, PSH = 8, ACK = 16, URG = 32, ECE = 64, CWR = 128;

    /** View of {@link #source}. */
    public static int source(Packet p, int at) {
        return p.u16(at);
    }

    /** View of {@link #destination}. */
    public static int destination(Packet p, int at) {
        return p.u16(at + 2);
    }

    /** View of {@link #sequence}. */
    public static int sequence(Packet p, int at) {
        return p.i32(at + 4);
    }

    /** View of {@link #acknowledgment}. */
    public static int acknowledgment(Packet p, int at) {
        return p.i32(at + 8);
    }

    /** View of {@link #headerLength}. */
    public static int headerLength(Packet p, int at) {
        return (p.u8(at + 12) >>> 4) * 4;
    }

    /** View of {@link #flags}. */
    public static int flags(Packet p, int at) {
        return p.u8(at + 13);
    }

    /** View of {@link #window}. */
    public static int window(Packet p, int at) {
        return p.u16(at + 14);
    }

    /** Where data ends that is urgent, counted from {@link #sequence}: what it is if {@link #URG} is set. */
    public static int urgent(Packet p, int at) {
        return p.u16(at + 18);
    }

    /** Reads all of it but the urgent pointer and the options. */
    public static Tcp of(Packet p, int at) {
        return new Tcp(source(p, at), destination(p, at), sequence(p, at), acknowledgment(p, at), headerLength(p, at),
                flags(p, at), window(p, at));
    }

    /** Writes it, with checksum and urgent pointer 0. */
    public void write(PacketBuffer b, int at) {
        write(b, at, source << 16 | destination, sequence, acknowledgment, headerLength, flags, window);
    }

    /** Writes one without making one; {@code ports} is the source in the higher half, the destination in the lower. */
    public static void write(PacketBuffer b, int at, int ports, int sequence, int acknowledgment, int headerLength,
            int flags, int window) {
        b.put32(at, ports);
        b.put32(at + 4, sequence);
        b.put32(at + 8, acknowledgment);
        b.put16(at + 12, headerLength << 10 | flags);
        b.put16(at + 14, window);
        b.put32(at + 16, 0);
    }
}
