package kernel.ext.net.rpc.api;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Writes values as XDR (RFC 4506): all in multiples of four bytes, the highest byte first. Grows as needed. Not thread-safe. */
public final class XdrWriter {

    private byte[] bytes;
    private int length;

    /** An empty one. */
    public XdrWriter() {
        bytes = new byte[256];
    }

    /** What was written; valid until more is. */
    public byte[] bytes() {
        return bytes;
    }

    /** Bytes that were written. */
    public int length() {
        return length;
    }

    /** Forgets what was written. */
    public XdrWriter clear() {
        length = 0;
        return this;
    }

    /** Forgets what was written after so many bytes. */
    public void truncate(int to) {
        if (to < 0 || to > length) {
            throw new IndexOutOfBoundsException(to + " of " + length);
        }
        length = to;
    }

    private int room(int count) {
        if (length + count > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + count));
        }
        int at = length;
        length += count;
        return at;
    }

    /** An integer, signed or not (sections 4.1, 4.2); enumerations as well. */
    public XdrWriter putInt(int value) {
        int at = room(4);
        bytes[at] = (byte) (value >> 24);
        bytes[at + 1] = (byte) (value >> 16);
        bytes[at + 2] = (byte) (value >> 8);
        bytes[at + 3] = (byte) value;
        return this;
    }

    /** A hyper integer (section 4.5). */
    public XdrWriter putLong(long value) {
        return putInt((int) (value >> 32)).putInt((int) value);
    }

    /** A boolean (section 4.4). */
    public XdrWriter putBoolean(boolean value) {
        return putInt(value ? 1 : 0);
    }

    /** A floating-point number (section 4.6). */
    public XdrWriter putFloat(float value) {
        return putInt(Float.floatToRawIntBits(value));
    }

    /** A double-precision floating-point number (section 4.7). */
    public XdrWriter putDouble(double value) {
        return putLong(Double.doubleToRawLongBits(value));
    }

    /** Opaque data of fixed length (section 4.9). */
    public XdrWriter putFixed(byte[] from, int offset, int count) {
        int at = room(count + 3 & ~3);
        System.arraycopy(from, offset, bytes, at, count);
        Arrays.fill(bytes, at + count, length, (byte) 0);
        return this;
    }

    /** Opaque data of variable length (section 4.10). */
    public XdrWriter putOpaque(byte[] from, int offset, int count) {
        return putInt(count).putFixed(from, offset, count);
    }

    /** A string (section 4.11), in UTF-8. */
    public XdrWriter putString(String text) {
        byte[] utf = text.getBytes(StandardCharsets.UTF_8);
        return putOpaque(utf, 0, utf.length);
    }
}
