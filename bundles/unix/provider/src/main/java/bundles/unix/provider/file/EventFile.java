package bundles.unix.provider.file;

import bundles.unix.provider.abi.Errno;
import bundles.unix.provider.abi.ErrnoException;
import bundles.unix.provider.abi.OpenFlags;
import bundles.unix.provider.abi.UserMemory;
import bundles.unix.provider.abi.Waiter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** A counter that is read and written (eventfd(2)). The monitor guards the counter. */
public final class EventFile extends OpenFile {

    private static final long MOST = -2; // as unsigned numbers are

    private final boolean semaphore;
    private long count;

    /**
     * @param count at first
     * @param semaphore whether a read takes 1, not all
     * @param flags status flags
     */
    public EventFile(long count, boolean semaphore, int flags) {
        super(OpenFlags.O_RDWR | flags);
        this.count = count;
        this.semaphore = semaphore;
    }

    @Override
    public FileStatus status() {
        return FileStatus.ofSpecial(0600, 0, System.identityHashCode(this) & 0xFFFFFFFFL);
    }

    @Override
    public int read(Waiter waiter, byte[] to, int offset, int length) throws IOException, ErrnoException {
        if (length < 8) {
            throw Errno.EINVAL.exception();
        }
        boolean wait = (flags() & OpenFlags.O_NONBLOCK) == 0;
        long taken = waiter.await(() -> take(wait));
        ByteBuffer.wrap(to, offset, 8).order(ByteOrder.LITTLE_ENDIAN).putLong(taken);
        changed();
        return 8;
    }

    private synchronized long take(boolean wait) throws InterruptedException, ErrnoException {
        while (count == 0) {
            if (!wait) {
                throw Errno.EAGAIN.exception();
            }
            wait();
        }
        long taken = semaphore ? 1 : count;
        count -= taken;
        notifyAll();
        return taken;
    }

    @Override
    public int write(Waiter waiter, byte[] from, int offset, int length) throws IOException, ErrnoException {
        if (length < 8) {
            throw Errno.EINVAL.exception();
        }
        long value = UserMemory.struct(8).put(from, offset, 8).getLong(0);
        if (value == -1) {
            throw Errno.EINVAL.exception();
        }
        boolean wait = (flags() & OpenFlags.O_NONBLOCK) == 0;
        waiter.await(() -> put(value, wait));
        changed();
        return 8;
    }

    private synchronized int put(long value, boolean wait) throws InterruptedException, ErrnoException {
        while (Long.compareUnsigned(value, MOST - count) > 0) {
            if (!wait) {
                throw Errno.EAGAIN.exception();
            }
            wait();
        }
        count += value;
        notifyAll();
        return 8;
    }

    @Override
    public synchronized int events() {
        return Events.of(count != 0, Long.compareUnsigned(count, MOST) < 0);
    }

    /** {@inheritDoc} It has no position, and says so by staying at 0. */
    @Override
    public long seek(long offset, int whence) {
        return 0;
    }
}
