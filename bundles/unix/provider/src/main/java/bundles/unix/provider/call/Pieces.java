package bundles.unix.provider.call;

import bundles.unix.provider.abi.Errno;
import bundles.unix.provider.abi.ErrnoException;
import bundles.unix.provider.abi.UserMemory;
import java.nio.ByteBuffer;

/**
 * Pieces of user memory that are filled or read one after the other ({@code struct iovec}). Immutable.
 *
 * @param places address and length of each, in turn
 * @param total bytes of all
 */
record Pieces(long[] places, long total) {

    private static final int MOST = 1024;
    private static final long LONGEST = 0x7fffe000L;

    /** One piece. */
    static Pieces of(long address, long length) throws ErrnoException {
        if (length < 0) {
            throw Errno.EINVAL.exception();
        }
        return new Pieces(new long[]{address, length}, Math.min(length, LONGEST));
    }

    /** As a program gives them. @throws ErrnoException EINVAL, EMSGSIZE: too many */
    static Pieces of(UserMemory memory, long at, long count) throws ErrnoException {
        if (count < 0 || count > MOST) {
            throw Errno.EMSGSIZE.exception();
        }
        ByteBuffer vector = memory.read(at, (int) count * 16);
        long[] places = new long[(int) count * 2];
        long total = 0;
        for (int i = 0; i < places.length; i++) {
            places[i] = vector.getLong();
            if (i % 2 == 1) {
                total += places[i];
                if (places[i] < 0 || total < 0) {
                    throw Errno.EINVAL.exception();
                }
            }
        }
        return new Pieces(places, Math.min(total, LONGEST));
    }

    /** Copies bytes from the pieces. @param from how many bytes of them are passed over */
    void copyIn(UserMemory memory, long from, byte[] to, int count) throws ErrnoException {
        move(memory, from, to, count, true);
    }

    /** Copies bytes to the pieces. @param from how many bytes of them are passed over */
    void copyOut(UserMemory memory, long from, byte[] bytes, int count) throws ErrnoException {
        move(memory, from, bytes, count, false);
    }

    private void move(UserMemory memory, long from, byte[] bytes, int count, boolean in) throws ErrnoException {
        long skip = from;
        int done = 0;
        for (int i = 0; i < places.length && done < count; i += 2) {
            if (skip >= places[i + 1]) {
                skip -= places[i + 1];
                continue;
            }
            int part = (int) Math.min(count - done, places[i + 1] - skip);
            if (in) {
                memory.read(places[i] + skip, bytes, done, part);
            } else {
                memory.write(places[i] + skip, bytes, done, part);
            }
            done += part;
            skip = 0;
        }
    }
}
