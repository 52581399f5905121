package kernel.ext.net.api.header;

import kernel.ext.net.api.Packet;
import kernel.ext.net.api.PacketBuffer;

/**
 * Header of an ICMP message (RFC 792).
 *
 * @param type of the message
 * @param code a closer description
 * @param rest the four bytes after the checksum: for echoes identifier and sequence number
 */
public record Icmp(int type, int code, int rest) {

    /** Bytes of it. */
    public static final int LENGTH = 8;
    /** Types. */
    public static final int ECHO_REPLY = 0, UNREACHABLE = 3, REDIRECT = 5, ECHO = 8, TIME_EXCEEDED = 11, PARAMETER = 12;
    /** Codes of {@link #UNREACHABLE}. */
    public static final int NETWORK = 0, HOST = 1, PROTOCOL = 2, PORT = 3, TOO_BIG = 4, SOURCE_ROUTE = 5;

    /** View of {@link #type}. */
    public static int type(Packet p, int at) {
        return p.u8(at);
    }

    /** View of {@link #code}. */
    public static int code(Packet p, int at) {
        return p.u8(at + 1);
    }

    /** View of {@link #rest}. */
    public static int rest(Packet p, int at) {
        return p.i32(at + 4);
    }

    /** Reads all of it. */
    public static Icmp of(Packet p, int at) {
        return new Icmp(type(p, at), code(p, at), rest(p, at));
    }

    /** Writes it, with the checksum over it and the bytes behind it up to the packet's end. */
    public void write(PacketBuffer b, int at) {
        b.put8(at, type);
        b.put8(at + 1, code);
        b.put16(at + 2, 0);
        b.put32(at + 4, rest);
        b.put16(at + 2, kernel.ext.net.api.Checksum.of(b.packet().sum(0, at, b.length() - at)));
    }
}
