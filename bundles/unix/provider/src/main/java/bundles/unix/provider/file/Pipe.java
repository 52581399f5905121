package bundles.unix.provider.file;

import bundles.unix.provider.abi.Errno;
import bundles.unix.provider.abi.ErrnoException;
import bundles.unix.provider.abi.OpenFlags;
import bundles.unix.provider.abi.Waiter;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** A pipe (pipe(7)): 64 KB of bytes between a reading and a writing end. {@link #lock} guards all of it. */
public final class Pipe {

    private static final int SIZE = 64 * 1024;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final byte[] bytes = new byte[SIZE];
    private final List<End> ends = new CopyOnWriteArrayList<>();
    private int first;
    private int count;
    private boolean readerOpen = true;
    private boolean writerOpen = true;

    /**
     * The reading end; ask once.
     *
     * @param flags status flags
     */
    public OpenFile reader(int flags) {
        return new Reader(flags);
    }

    /**
     * The writing end; ask once.
     *
     * @param flags status flags
     */
    public OpenFile writer(int flags) {
        return new Writer(flags);
    }

    private int take(byte[] to, int offset, int length, boolean wait)
            throws InterruptedException, ErrnoException {
        lock.lockInterruptibly();
        try {
            while (count == 0) {
                if (!writerOpen) {
                    return 0;
                }
                if (!wait) {
                    throw Errno.EAGAIN.exception();
                }
                changed.await();
            }
            int taken = Math.min(length, count);
            int straight = Math.min(taken, SIZE - first);
            System.arraycopy(bytes, first, to, offset, straight);
            System.arraycopy(bytes, 0, to, offset + straight, taken - straight);
            first = (first + taken) % SIZE;
            count -= taken;
            changed.signalAll();
            ends.forEach(End::tell);
            return taken;
        } finally {
            lock.unlock();
        }
    }

    /** Puts what fits; at least one byte. Writes of up to 4096 bytes are not split (PIPE_BUF). */
    private int put(byte[] from, int offset, int length, boolean wait) throws InterruptedException, ErrnoException {
        lock.lockInterruptibly();
        try {
            int needed = Math.min(length, 4096);
            while (readerOpen && SIZE - count < needed) {
                if (!wait) {
                    throw Errno.EAGAIN.exception();
                }
                changed.await();
            }
            if (!readerOpen) {
                throw Errno.EPIPE.exception();
            }
            int taken = Math.min(length, SIZE - count);
            int end = (first + count) % SIZE;
            int straight = Math.min(taken, SIZE - end);
            System.arraycopy(from, offset, bytes, end, straight);
            System.arraycopy(from, offset + straight, bytes, 0, taken - straight);
            count += taken;
            changed.signalAll();
            ends.forEach(End::tell);
            return taken;
        } finally {
            lock.unlock();
        }
    }

    private void close(boolean reader) {
        lock.lock();
        try {
            readerOpen &= !reader;
            writerOpen &= reader;
            changed.signalAll();
            ends.forEach(End::tell);
        } finally {
            lock.unlock();
        }
    }

    private int events(boolean reader) {
        lock.lock();
        try {
            return reader
                    ? Events.of(count > 0, false) | (writerOpen ? 0 : Events.HANG_UP)
                    : Events.of(false, SIZE - count >= 4096) | (readerOpen ? 0 : Events.ERROR);
        } finally {
            lock.unlock();
        }
    }

    /** Bytes that can be read at once. */
    private int available() {
        lock.lock();
        try {
            return count;
        } finally {
            lock.unlock();
        }
    }

    private FileStatus statusOfEnd() {
        return FileStatus.ofSpecial(FileStatus.S_IFIFO | 0600, 0, System.identityHashCode(this) & 0xFFFFFFFFL);
    }

    /** What both ends have. */
    private abstract class End extends OpenFile {

        End(int flags) {
            super(flags);
            ends.add(this);
        }

        void tell() {
            changed();
        }

        @Override
        public FileStatus status() {
            return statusOfEnd();
        }
    }

    private final class Reader extends End {

        Reader(int flags) {
            super(OpenFlags.O_RDONLY | flags);
        }

        @Override
        public int read(Waiter waiter, byte[] to, int offset, int length) throws IOException, ErrnoException {
            boolean wait = (flags() & OpenFlags.O_NONBLOCK) == 0;
            return length == 0 ? 0 : waiter.await(() -> take(to, offset, length, wait));
        }

        @Override
        public int events() {
            return Pipe.this.events(true);
        }

        @Override
        public int available() {
            return Pipe.this.available();
        }

        @Override
        protected void close() {
            Pipe.this.close(true);
        }
    }

    private final class Writer extends End {

        Writer(int flags) {
            super(OpenFlags.O_WRONLY | flags);
        }

        @Override
        public int write(Waiter waiter, byte[] from, int offset, int length) throws IOException, ErrnoException {
            boolean wait = (flags() & OpenFlags.O_NONBLOCK) == 0;
            return length == 0 ? 0 : waiter.await(() -> put(from, offset, length, wait));
        }

        @Override
        public int events() {
            return Pipe.this.events(false);
        }

        @Override
        protected void close() {
            Pipe.this.close(false);
        }
    }
}
