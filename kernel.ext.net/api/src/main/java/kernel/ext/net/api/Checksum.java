package kernel.ext.net.api;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** The Internet checksum (RFC 1071). Pieces other than the last must be of even length. */
public final class Checksum {

    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

    private Checksum() {}

    /** Adds bytes to a sum, which begins with 0. */
    public static long add(long sum, byte[] bytes, int offset, int count) {
        int at = offset;
        int end = offset + count;
        long a = 0;
        long b = 0;
        for (; at + 16 <= end; at += 16) {
            a += ((int) INT.get(bytes, at) & 0xFFFF_FFFFL) + ((int) INT.get(bytes, at + 4) & 0xFFFF_FFFFL);
            b += ((int) INT.get(bytes, at + 8) & 0xFFFF_FFFFL) + ((int) INT.get(bytes, at + 12) & 0xFFFF_FFFFL);
        }
        for (; at + 4 <= end; at += 4) {
            a += (int) INT.get(bytes, at) & 0xFFFF_FFFFL;
        }
        if (at + 2 <= end) {
            b += PacketBuffer.u16(bytes, at);
            at += 2;
        }
        if (at < end) {
            b += (bytes[at] & 0xFF) << 8;
        }
        return sum + (a & 0xFFFF_FFFFL) + (a >>> 32) + (b & 0xFFFF_FFFFL) + (b >>> 32);
    }

    /** Adds an address as it is on the wire to a sum: of an IPv4 address its 32 bits, of another all of them. */
    public static long address(long sum, long high, long low) {
        long more = low & 0xFFFF_FFFFL;
        if (high != 0 || low >>> 32 != 0xFFFF) {
            long wire = IpAddress.wire(high);
            more += (low >>> 32) + (wire & 0xFFFF_FFFFL) + (wire >>> 32);
        }
        return sum + more;
    }

    /** The checksum of what was added: 0 to 0xFFFF; 0 if what was added contains its own right checksum. */
    public static int of(long sum) {
        long s = sum;
        while (s >>> 16 != 0) {
            s = (s & 0xFFFF) + (s >>> 16);
        }
        return (int) ~s & 0xFFFF;
    }
}
