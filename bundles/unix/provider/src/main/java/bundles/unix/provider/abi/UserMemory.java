package bundles.unix.provider.abi;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import kernel.core.machine.DirectFile;
import kernel.core.machine.UserContext;

/**
 * The memory of user code, as system calls use it; what cannot be read or written ends the call with {@link Errno#EFAULT}.
 * Little endian. Used by the context's own strand only.
 */
public final class UserMemory {

    /** Longest path with its terminator, in bytes (limits.h). */
    public static final int PATH_MAX = 4096;
    /** Bytes that a call moves at once. */
    public static final int TRANSFER = 64 * 1024;

    private final UserContext context;
    private final byte[] word = new byte[8];
    private byte[] transfer;

    /** @param context whose memory */
    public UserMemory(UserContext context) {
        this.context = context;
    }

    /** A buffer for what a call moves between a file and user memory; contents are valid during the call only. */
    public byte[] transfer() {
        if (transfer == null) {
            transfer = new byte[TRANSFER];
        }
        return transfer;
    }

    /** An empty structure of some bytes, little endian. */
    public static ByteBuffer struct(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Copies bytes in. */
    public void read(long address, byte[] to, int offset, int length) throws ErrnoException {
        if (context.copyIn(address, to, offset, length) < length) {
            throw Errno.EFAULT.exception();
        }
    }

    /** Copies bytes out. */
    public void write(long address, byte[] from, int offset, int length) throws ErrnoException {
        if (context.copyOut(address, from, offset, length) < length) {
            throw Errno.EFAULT.exception();
        }
    }

    /** Has a file's bytes stored at an address, if that can be done at once; see {@link UserContext#readNow}. */
    public int readNow(DirectFile file, long position, long address, int length) {
        return context.readNow(file, position, address, length);
    }

    /** Copies a structure in. */
    public ByteBuffer read(long address, int size) throws ErrnoException {
        ByteBuffer struct = struct(size);
        read(address, struct.array(), 0, size);
        return struct;
    }

    /** Copies a whole structure out. */
    public void write(long address, ByteBuffer struct) throws ErrnoException {
        write(address, struct.array(), 0, struct.capacity());
    }

    /** A 64-bit word. */
    public long readLong(long address) throws ErrnoException {
        read(address, word, 0, 8);
        return ByteBuffer.wrap(word).order(ByteOrder.LITTLE_ENDIAN).getLong();
    }

    /** A 32-bit word. */
    public int readInt(long address) throws ErrnoException {
        read(address, word, 0, 4);
        return ByteBuffer.wrap(word).order(ByteOrder.LITTLE_ENDIAN).getInt();
    }

    /** Writes a 64-bit word. */
    public void writeLong(long address, long value) throws ErrnoException {
        ByteBuffer.wrap(word).order(ByteOrder.LITTLE_ENDIAN).putLong(value);
        write(address, word, 0, 8);
    }

    /** Writes a 32-bit word. */
    public void writeInt(long address, int value) throws ErrnoException {
        ByteBuffer.wrap(word).order(ByteOrder.LITTLE_ENDIAN).putInt(value);
        write(address, word, 0, 4);
    }

    /**
     * Replaces a 32-bit word if it is as expected, atomically.
     *
     * @return what it was
     */
    public int compareAndExchange(long address, int expected, int value) throws ErrnoException {
        long before = context.compareAndExchange(address, expected, value);
        if (before < 0) {
            throw Errno.EFAULT.exception();
        }
        return (int) before;
    }

    /** A string that ends with a zero byte, without that; {@code E2BIG} if it has more bytes than allowed. */
    public byte[] readString(long address, int limit) throws ErrnoException {
        byte[] bytes = new byte[256];
        int length = 0;
        while (true) {
            if (length + 256 > bytes.length) {
                bytes = java.util.Arrays.copyOf(bytes, 2 * bytes.length);
            }
            int chunk = 256 - (int) (address + length & 255);
            int got = context.copyIn(address + length, bytes, length, chunk);
            for (int i = length; i < length + got; i++) {
                if (bytes[i] == 0) {
                    return java.util.Arrays.copyOf(bytes, i);
                }
            }
            length += got;
            if (got < chunk) {
                throw Errno.EFAULT.exception();
            }
            if (length > limit) {
                throw Errno.E2BIG.exception();
            }
        }
    }

    /**
     * A path name, decoded as UTF-8.
     *
     * @throws ErrnoException EFAULT, or ENAMETOOLONG beyond {@link #PATH_MAX}
     */
    public String readPath(long address) throws ErrnoException {
        byte[] bytes = new byte[PATH_MAX];
        int length = 0;
        while (length < PATH_MAX) {
            // Never beyond a chunk that begins in a page which the string is known to reach.
            int chunk = Math.min(PATH_MAX - length, 256 - (int) (address + length & 255));
            int got = context.copyIn(address + length, bytes, length, chunk);
            for (int i = length; i < length + got; i++) {
                if (bytes[i] == 0) {
                    return new String(bytes, 0, i, StandardCharsets.UTF_8);
                }
            }
            if (got < chunk) {
                throw Errno.EFAULT.exception();
            }
            length += got;
        }
        throw Errno.ENAMETOOLONG.exception();
    }
}
