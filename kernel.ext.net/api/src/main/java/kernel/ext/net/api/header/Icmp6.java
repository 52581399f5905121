package kernel.ext.net.api.header;

import kernel.ext.net.api.Checksum;
import kernel.ext.net.api.IpAddress;
import kernel.ext.net.api.Packet;
import kernel.ext.net.api.PacketBuffer;

/**
 * Header of an ICMPv6 message (RFC 4443 section 2.1).
 *
 * @param type of the message
 * @param code a closer description
 * @param rest the four bytes after the checksum: for echoes identifier and sequence number
 */
public record Icmp6(int type, int code, int rest) {

    /** Bytes of it. */
    public static final int LENGTH = 8;
    /** Types: errors. */
    public static final int UNREACHABLE = 1, TOO_BIG = 2, TIME_EXCEEDED = 3, PARAMETER = 4;
    /** Types: echoes. */
    public static final int ECHO = 128, ECHO_REPLY = 129;
    /** Types: neighbour discovery (RFC 4861 section 4). */
    public static final int ROUTER_SOLICITATION = 133, ROUTER_ADVERTISEMENT = 134, NEIGHBOUR_SOLICITATION = 135,
            NEIGHBOUR_ADVERTISEMENT = 136, REDIRECT = 137;
    /** Codes of {@link #UNREACHABLE}. */
    public static final int NO_ROUTE = 0, PROHIBITED = 1, BEYOND_SCOPE = 2, ADDRESS = 3, PORT = 4;
    /** Codes of {@link #PARAMETER}. */
    public static final int FIELD = 0, NEXT_HEADER = 1, OPTION = 2, INCOMPLETE_CHAIN = 3;

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
    public static Icmp6 of(Packet p, int at) {
        return new Icmp6(type(p, at), code(p, at), rest(p, at));
    }

    /** Writes it, with the checksum over it, the bytes behind it up to the packet's end, and between whom it goes. */
    public void write(PacketBuffer b, int at, IpAddress source, IpAddress destination) {
        b.put8(at, type);
        b.put8(at + 1, code);
        b.put16(at + 2, 0);
        b.put32(at + 4, rest);
        b.put16(at + 2, sum(b.packet(), at, b.length() - at, source.high(), source.low(), destination.high(),
                destination.low()));
    }

    /** What its checksum must be if that field is 0; 0 if it has the right one. */
    public static int sum(Packet p, int at, int length, long sourceHigh, long sourceLow, long destinationHigh,
            long destinationLow) {
        long sum = Checksum.address(Checksum.address(0, sourceHigh, sourceLow), destinationHigh, destinationLow);
        return Checksum.of(p.sum(sum + Ipv6.ICMP + length, at, length));
    }
}
