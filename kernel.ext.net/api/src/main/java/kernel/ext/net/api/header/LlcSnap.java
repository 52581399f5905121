package kernel.ext.net.api.header;

import kernel.ext.net.api.Packet;
import kernel.ext.net.api.PacketBuffer;

/**
 * The header that says what a packet in AAL5 is (RFC 2684 section 5.1: LLC with SNAP, organization 0).
 *
 * @param type as of Ethernet, 0 to 0xFFFF
 */
public record LlcSnap(int type) {

    /** Bytes of it. */
    public static final int LENGTH = 8;
    private static final int LLC = 0xAAAA_0300;

    /** Whether there is one. */
    public static boolean valid(Packet p, int at) {
        return p.length() - at >= LENGTH && p.i32(at) == LLC && p.u16(at + 4) == 0;
    }

    /** View of {@link #type}. */
    public static int type(Packet p, int at) {
        return p.u16(at + 6);
    }

    /** Reads all of it. */
    public static LlcSnap of(Packet p, int at) {
        return new LlcSnap(type(p, at));
    }

    /** Writes it. */
    public void write(PacketBuffer b, int at) {
        b.put32(at, LLC);
        b.put32(at + 4, type);
    }
}
