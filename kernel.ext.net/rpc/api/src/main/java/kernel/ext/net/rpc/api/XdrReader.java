package kernel.ext.net.rpc.api;

import java.nio.charset.StandardCharsets;

/** Reads values that are XDR (RFC 4506). What is missing or longer than allowed is an {@link XdrException}. Not thread-safe. */
public final class XdrReader {

    private byte[] bytes;
    private int at;
    private int end;

    /** Reads so many bytes of an array, which is not copied. */
    public XdrReader(byte[] bytes, int offset, int count) {
        wrap(bytes, offset, count);
    }

    /** Begins anew, with other bytes. */
    public XdrReader wrap(byte[] array, int offset, int count) {
        java.util.Objects.checkFromIndexSize(offset, count, array.length);
        bytes = array;
        at = offset;
        end = offset + count;
        return this;
    }

    /** Bytes that are left. */
    public int remaining() {
        return end - at;
    }

    private int take(int count) throws XdrException {
        if (count < 0 || count > end - at) {
            throw new XdrException(count + " bytes are wanted, " + (end - at) + " are left");
        }
        int from = at;
        at += count;
        return from;
    }

    /** An integer, signed or not; enumerations as well. */
    public int getInt() throws XdrException {
        int from = take(4);
        return bytes[from] << 24 | (bytes[from + 1] & 0xFF) << 16 | (bytes[from + 2] & 0xFF) << 8
                | bytes[from + 3] & 0xFF;
    }

    /** A hyper integer. */
    public long getLong() throws XdrException {
        return (long) getInt() << 32 | getInt() & 0xFFFF_FFFFL;
    }

    /** A boolean: 0 or 1. */
    public boolean getBoolean() throws XdrException {
        int value = getInt();
        if ((value & ~1) != 0) {
            throw new XdrException(value + " is no boolean");
        }
        return value == 1;
    }

    /** A floating-point number. */
    public float getFloat() throws XdrException {
        return Float.intBitsToFloat(getInt());
    }

    /** A double-precision floating-point number. */
    public double getDouble() throws XdrException {
        return Double.longBitsToDouble(getLong());
    }

    /** Opaque data of fixed length. */
    public byte[] getFixed(int count) throws XdrException {
        int from = at;
        skip(count);
        byte[] value = new byte[count];
        System.arraycopy(bytes, from, value, 0, count);
        return value;
    }

    private void skip(int count) throws XdrException {
        if (count < 0 || count > end - at) {
            throw new XdrException(count + " bytes are wanted, " + (end - at) + " are left");
        }
        take(count + 3 & ~3);
    }

    /**
     * Opaque data of variable length.
     *
     * @param most bytes that it may have
     */
    public byte[] getOpaque(int most) throws XdrException {
        return getFixed(count(most));
    }

    /** How many elements an array of variable length has (section 4.13). @param most that it may have */
    public int count(int most) throws XdrException {
        int count = getInt();
        if (count < 0 || count > most) {
            throw new XdrException((count & 0xFFFF_FFFFL) + " is more than the " + most + " that are allowed");
        }
        return count;
    }

    /** A string, in UTF-8. @param most bytes that it may have */
    public String getString(int most) throws XdrException {
        return new String(getOpaque(most), StandardCharsets.UTF_8);
    }
}
