package bundles.unix.provider.file;

import bundles.unix.provider.abi.Errno;
import bundles.unix.provider.abi.ErrnoException;
import bundles.unix.provider.abi.OpenFlags;
import bundles.unix.provider.abi.Waiter;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A pipe (pipe(7)): 64 KB of bytes between reading and writing ends, of which a pipe that has a name (fifo(7)) may have several of a
 * kind. {@link #lock} guards all of it.
 */
public final class Pipe {

    /** How many bytes it holds. */
    public static final int SIZE = 64 * 1024;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final byte[] bytes = new byte[SIZE];
    private final List<End> ends = new CopyOnWriteArrayList<>();
    /** What comes before them: taken by splice(2), which found no room for it. */
    private byte[] returned = {};
    private int first;
    private int count;
    private int readers;
    private int writers;
    /** How often an end was opened, for who waits for the other one. */
    private int readersOpened;
    private int writersOpened;

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

    /**
     * Opens an end, or both at once, of a pipe that has a name; waits until somebody has opened the other one, unless it is not to.
     *
     * @param flags of open(2)
     * @param status what stat(2) says of it
     * @throws ErrnoException ENXIO: to be written without waiting, and nobody reads; EINTR
     */
    OpenFile open(Waiter waiter, int flags, FileStatus status) throws ErrnoException, IOException {
        int access = flags & OpenFlags.O_ACCMODE;
        boolean wait = (flags & OpenFlags.O_NONBLOCK) == 0;
        End end;
        int seen;
        boolean alone;
        lock.lock();
        try {
            if (access == OpenFlags.O_WRONLY && !wait && readers == 0) {
                throw Errno.ENXIO.exception();
            }
            end = switch (access) {
                case OpenFlags.O_RDONLY -> new Reader(flags & ~OpenFlags.O_ACCMODE);
                case OpenFlags.O_WRONLY -> new Writer(flags & ~OpenFlags.O_ACCMODE);
                default -> new Both(flags);
            };
            end.status = status;
            seen = access == OpenFlags.O_RDONLY ? writersOpened : readersOpened;
            alone = access == OpenFlags.O_RDONLY ? writers == 0 : readers == 0;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        if (alone && wait) {
            try {
                waiter.await(() -> awaitOther(access == OpenFlags.O_RDONLY, seen));
            } catch (ErrnoException e) {
                end.release();
                throw e;
            }
        }
        return end;
    }

    private int awaitOther(boolean reader, int seen) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while ((reader ? writersOpened : readersOpened) == seen) {
                changed.await();
            }
            return 0;
        } finally {
            lock.unlock();
        }
    }

    /** The pipe that a file is an end of, or null. */
    public static Pipe of(OpenFile file) {
        return file instanceof End end ? end.pipe() : null;
    }

    /**
     * Takes what there is, at least one byte.
     *
     * @param wait whether to wait for it
     * @return bytes taken; 0: there are no more, and nobody writes
     * @throws ErrnoException EAGAIN
     */
    public int take(byte[] to, int offset, int length, boolean wait) throws InterruptedException, ErrnoException {
        lock.lockInterruptibly();
        try {
            int taken = look(to, offset, length, wait);
            drop(taken);
            return taken;
        } finally {
            lock.unlock();
        }
    }

    /** As {@link #take}, but everything stays. */
    public int peek(byte[] to, int offset, int length, boolean wait) throws InterruptedException, ErrnoException {
        lock.lockInterruptibly();
        try {
            return look(to, offset, length, wait);
        } finally {
            lock.unlock();
        }
    }

    private int look(byte[] to, int offset, int length, boolean wait) throws InterruptedException, ErrnoException {
        while (count + returned.length == 0) {
            if (writers == 0) {
                return 0;
            }
            if (!wait) {
                throw Errno.EAGAIN.exception();
            }
            changed.await();
        }
        int old = Math.min(length, returned.length);
        System.arraycopy(returned, 0, to, offset, old);
        int taken = Math.min(length - old, count);
        int straight = Math.min(taken, SIZE - first);
        System.arraycopy(bytes, first, to, offset + old, straight);
        System.arraycopy(bytes, 0, to, offset + old + straight, taken - straight);
        return old + taken;
    }

    private void drop(int length) {
        int old = Math.min(length, returned.length);
        if (old > 0) {
            returned = Arrays.copyOfRange(returned, old, returned.length);
        }
        first = (first + length - old) % SIZE;
        count -= length - old;
        changed.signalAll();
        ends.forEach(End::tell);
    }

    /** Puts back what was taken and found no room elsewhere: it is read first, even if there is more than fits then. */
    public void giveBack(byte[] from, int offset, int length) {
        if (length == 0) {
            return;
        }
        lock.lock();
        try {
            byte[] both = Arrays.copyOfRange(from, offset, offset + length + returned.length);
            System.arraycopy(returned, 0, both, length, returned.length);
            returned = both;
            changed.signalAll();
            ends.forEach(End::tell);
        } finally {
            lock.unlock();
        }
    }

    /**
     * How much fits, at least one byte.
     *
     * @param wait whether to wait for it
     * @throws ErrnoException EAGAIN; EPIPE: nobody reads
     */
    public int room(boolean wait) throws InterruptedException, ErrnoException {
        lock.lockInterruptibly();
        try {
            while (readers > 0 && count == SIZE) {
                if (!wait) {
                    throw Errno.EAGAIN.exception();
                }
                changed.await();
            }
            if (readers == 0) {
                throw Errno.EPIPE.exception();
            }
            return SIZE - count;
        } finally {
            lock.unlock();
        }
    }

    /** Puts what fits; at least one byte. Writes of up to 4096 bytes are not split (PIPE_BUF). */
    public int put(byte[] from, int offset, int length, boolean wait) throws InterruptedException, ErrnoException {
        lock.lockInterruptibly();
        try {
            int needed = Math.min(length, 4096);
            while (readers > 0 && SIZE - count < needed) {
                if (!wait) {
                    throw Errno.EAGAIN.exception();
                }
                changed.await();
            }
            if (readers == 0) {
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
            if (reader) {
                readers--;
            } else {
                writers--;
            }
            if (readers + writers == 0) {
                count = 0;
                returned = new byte[0];
            }
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
                    ? Events.of(count + returned.length > 0, false)
                            | (writers > 0 || writersOpened == 0 ? 0 : Events.HANG_UP)
                    : Events.of(false, SIZE - count >= 4096) | (readers > 0 ? 0 : Events.ERROR);
        } finally {
            lock.unlock();
        }
    }

    /** Bytes that can be read at once. */
    private int available() {
        lock.lock();
        try {
            return count + returned.length;
        } finally {
            lock.unlock();
        }
    }

    private FileStatus statusOfEnd() {
        return FileStatus.ofSpecial(FileStatus.S_IFIFO | 0600, 0, System.identityHashCode(this) & 0xFFFFFFFFL);
    }

    /** What both ends have. */
    private abstract class End extends OpenFile {

        private FileStatus status;

        End(int flags, boolean reads, boolean writes) {
            super(flags);
            ends.add(this);
            lock.lock();
            try {
                readers += reads ? 1 : 0;
                readersOpened += reads ? 1 : 0;
                writers += writes ? 1 : 0;
                writersOpened += writes ? 1 : 0;
            } finally {
                lock.unlock();
            }
        }

        void tell() {
            changed();
        }

        Pipe pipe() {
            return Pipe.this;
        }

        @Override
        public FileStatus status() {
            return status == null ? statusOfEnd() : status;
        }
    }

    private final class Reader extends End {

        Reader(int flags) {
            super(OpenFlags.O_RDONLY | flags, true, false);
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
            ends.remove(this);
            Pipe.this.close(true);
        }
    }

    private final class Writer extends End {

        Writer(int flags) {
            super(OpenFlags.O_WRONLY | flags, false, true);
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
            ends.remove(this);
            Pipe.this.close(false);
        }
    }

    /** Both ends in one (fifo(7)). */
    private final class Both extends End {

        Both(int flags) {
            super(flags, true, true);
        }

        @Override
        public int read(Waiter waiter, byte[] to, int offset, int length) throws IOException, ErrnoException {
            boolean wait = (flags() & OpenFlags.O_NONBLOCK) == 0;
            return length == 0 ? 0 : waiter.await(() -> take(to, offset, length, wait));
        }

        @Override
        public int write(Waiter waiter, byte[] from, int offset, int length) throws IOException, ErrnoException {
            boolean wait = (flags() & OpenFlags.O_NONBLOCK) == 0;
            return length == 0 ? 0 : waiter.await(() -> put(from, offset, length, wait));
        }

        @Override
        public int events() {
            return Pipe.this.events(true) | Pipe.this.events(false);
        }

        @Override
        public int available() {
            return Pipe.this.available();
        }

        @Override
        protected void close() {
            ends.remove(this);
            Pipe.this.close(true);
            Pipe.this.close(false);
        }
    }
}
