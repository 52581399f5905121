package bundles.unix.provider.file;

import bundles.unix.provider.abi.Errno;
import bundles.unix.provider.abi.ErrnoException;
import bundles.unix.provider.abi.OpenFlags;
import bundles.unix.provider.abi.Waiter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import kernel.core.machine.Clock;

/**
 * A pair of files, of which one is a terminal and the other who sits before it (pty(7)).
 *
 * <p>Concurrency: {@link #lock} guards all of it. With it held nothing is called but the line discipline; signals are sent and
 * watchers are told without it.
 */
public final class PseudoTerminal {

    /** What the rest of the kernel does for a terminal. */
    public interface Owner {
        /** Sends a signal to the processes in the foreground. Takes no lock that is held while this terminal is used. */
        void signal(int signal);

        /** Who sat before it has gone. */
        void hangUp();

        /** Neither side is open any more. */
        void closed();
    }

    /** The major number of terminals like this, and where they are. */
    private static final int MAJOR = 136;
    private static final int SIGWINCH = 28;
    /** Bytes that wait for either side, beyond which writers wait. */
    private static final int MOST = 16 * 1024;

    private final int number;
    private final Clock clock;
    private final Object control;
    private final Owner owner;
    private final FileStatus status;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final LineDiscipline line = new LineDiscipline();
    private final ByteArrayOutputStream output = new ByteArrayOutputStream();
    private final List<OpenFile> files = new ArrayList<>();
    private boolean locked = true;
    private boolean masterOpen = true;
    private int slaves;
    private boolean wasOpen;
    private int rows;
    private int columns;

    /**
     * @param number in its name
     * @param clock measures waits
     * @param control what job control knows of it
     * @param owner of the rest of the kernel
     * @param user whose it is
     * @param group its group
     */
    public PseudoTerminal(int number, Clock clock, Object control, Owner owner, int user, int group) {
        this.number = number;
        this.clock = clock;
        this.control = control;
        this.owner = owner;
        long now = clock.realTime();
        this.status = new FileStatus(22, number + 3L, FileStatus.S_IFCHR | 0620, 1, user, group,
                (long) MAJOR << 8 | number, 0, now, now, now);
    }

    /** Number in its name. */
    public int number() {
        return number;
    }

    /** Status of the terminal's side. */
    public FileStatus status() {
        return status;
    }

    /** Whether it may not be opened yet (unlockpt(3)). */
    public boolean locked() {
        lock.lock();
        try {
            return locked;
        } finally {
            lock.unlock();
        }
    }

    /** Sets whether it may not be opened. */
    public void setLocked(boolean on) {
        lock.lock();
        try {
            locked = on;
        } finally {
            lock.unlock();
        }
    }

    /** The side of who sits before it; to be asked for once. */
    public OpenFile master(int flags) {
        var file = new Side(flags, true, null);
        lock.lock();
        try {
            files.add(file);
        } finally {
            lock.unlock();
        }
        return file;
    }

    /**
     * The terminal.
     *
     * @param path its name
     * @throws ErrnoException EIO: it is locked, or the other side is gone
     */
    public OpenFile slave(Path path, int flags) throws ErrnoException {
        lock.lock();
        try {
            if (locked || !masterOpen) {
                throw Errno.EIO.exception();
            }
            var file = new Side(flags, false, path);
            files.add(file);
            slaves++;
            wasOpen = true;
            return file;
        } finally {
            lock.unlock();
        }
    }

    /** Takes what was typed and read by nobody, also when all have closed it. */
    public byte[] drain() {
        lock.lock();
        try {
            changed.signalAll();
            return line.drain();
        } finally {
            lock.unlock();
        }
    }

    private void tell() {
        List<OpenFile> now;
        lock.lock();
        try {
            changed.signalAll();
            now = List.copyOf(files);
        } finally {
            lock.unlock();
        }
        now.forEach(OpenFile::changed);
    }

    private void gone(Side side) {
        boolean end;
        lock.lock();
        try {
            files.remove(side);
            if (side.master) {
                masterOpen = false;
            } else {
                slaves--;
            }
            end = !masterOpen && slaves == 0;
        } finally {
            lock.unlock();
        }
        tell();
        if (side.master) {
            owner.hangUp();
        }
        if (end) {
            owner.closed();
        }
    }

    /** One of the two files, as often as it was opened. */
    private final class Side extends OpenFile implements Terminal {

        private final boolean master;
        private final Path path;

        Side(int flags, boolean master, Path path) {
            super(flags);
            this.master = master;
            this.path = path;
        }

        @Override
        public FileStatus status() {
            return master ? FileStatus.ofSpecial(FileStatus.S_IFCHR | 0666, 5 << 8 | 2, 2) : status;
        }

        @Override
        public Path path() {
            return path;
        }

        @Override
        public boolean isTerminal() {
            return true;
        }

        @Override
        public Terminal terminal() {
            return this;
        }

        @Override
        public Object control() {
            return control;
        }

        @Override
        public PseudoTerminal pseudo() {
            return PseudoTerminal.this;
        }

        @Override
        public boolean isMaster() {
            return master;
        }

        @Override
        public int read(Waiter waiter, byte[] to, int offset, int length) throws IOException, ErrnoException {
            need(OpenFlags.O_RDONLY);
            if (length == 0) {
                return 0;
            }
            boolean wait = (flags() & OpenFlags.O_NONBLOCK) == 0;
            int got = master
                    ? waiter.await(() -> readOutput(to, offset, length, wait))
                    : waiter.await(() -> readInput(to, offset, length, wait));
            if (got > 0) {
                tell();
            }
            return got;
        }

        private int readOutput(byte[] to, int offset, int length, boolean wait)
                throws InterruptedException, ErrnoException {
            lock.lockInterruptibly();
            try {
                while (output.size() == 0 || line.stopped()) {
                    if (slaves == 0 && wasOpen) {
                        throw Errno.EIO.exception();
                    }
                    if (!wait) {
                        throw Errno.EAGAIN.exception();
                    }
                    changed.await();
                }
                byte[] all = output.toByteArray();
                int part = Math.min(length, all.length);
                System.arraycopy(all, 0, to, offset, part);
                output.reset();
                output.write(all, part, all.length - part);
                return part;
            } finally {
                lock.unlock();
            }
        }

        private int readInput(byte[] to, int offset, int length, boolean wait)
                throws InterruptedException, ErrnoException {
            lock.lockInterruptibly();
            try {
                long left = line.patience();
                int seen = line.available();
                while (!enough(length)) {
                    if (!masterOpen || line.wanted() == 0 && line.patience() == 0) {
                        break;
                    }
                    if (!wait) {
                        if (line.readable()) {
                            break;
                        }
                        throw Errno.EAGAIN.exception();
                    }
                    if (line.available() != seen) {
                        seen = line.available();
                        left = line.patience();
                    }
                    if (line.patience() == 0 || line.wanted() > 0 && seen == 0) {
                        changed.await();
                    } else if (left <= 0) {
                        break;
                    } else {
                        left = clock.await(lock, changed, left);
                    }
                }
                return line.take(to, offset, length);
            } finally {
                lock.unlock();
            }
        }

        private boolean enough(int length) {
            return line.edits()
                    ? line.readable()
                    : line.available() >= Math.clamp(line.wanted(), 1, length);
        }

        @Override
        public int write(Waiter waiter, byte[] from, int offset, int length) throws IOException, ErrnoException {
            need(OpenFlags.O_WRONLY);
            boolean wait = (flags() & OpenFlags.O_NONBLOCK) == 0;
            int total = 0;
            while (total < length) {
                int at = offset + total;
                int left = length - total;
                try {
                    total += waiter.await(
                            () -> master ? writeInput(from, at, left, wait) : writeOutput(from, at, left, wait));
                } catch (ErrnoException e) {
                    if (total == 0) {
                        throw e;
                    }
                    break;
                }
                tell();
            }
            return total;
        }

        private int writeOutput(byte[] from, int offset, int length, boolean wait)
                throws InterruptedException, ErrnoException {
            lock.lockInterruptibly();
            try {
                while (masterOpen && (line.stopped() || output.size() >= MOST)) {
                    if (!wait) {
                        throw Errno.EAGAIN.exception();
                    }
                    changed.await();
                }
                if (!masterOpen) {
                    throw Errno.EIO.exception();
                }
                int part = Math.min(length, MOST - output.size());
                output.writeBytes(line.send(from, offset, part));
                return part;
            } finally {
                lock.unlock();
            }
        }

        private int writeInput(byte[] from, int offset, int length, boolean wait)
                throws InterruptedException, ErrnoException {
            List<Integer> signals = new ArrayList<>();
            int part;
            lock.lockInterruptibly();
            try {
                // A full line without its end would wait for ever: further characters of one are lost instead.
                while (line.held() >= MOST && line.readable()) {
                    if (!wait) {
                        throw Errno.EAGAIN.exception();
                    }
                    changed.await();
                }
                part = Math.min(length, 1024);
                line.receive(from, offset, part, signals::add);
                output.writeBytes(line.echo());
            } finally {
                lock.unlock();
            }
            signals.forEach(owner::signal);
            return part;
        }

        @Override
        public int events() {
            lock.lock();
            try {
                if (master) {
                    boolean hungUp = slaves == 0 && wasOpen;
                    return Events.of(output.size() > 0 && !line.stopped(), true) | (hungUp ? Events.HANG_UP : 0);
                }
                boolean hungUp = !masterOpen;
                boolean readable = line.edits() || line.wanted() <= 1 ? line.readable() : enough(Integer.MAX_VALUE);
                return Events.of(readable || hungUp, hungUp || output.size() < MOST && !line.stopped())
                        | (hungUp ? Events.HANG_UP | Events.ERROR : 0);
            } finally {
                lock.unlock();
            }
        }

        @Override
        public byte[] termios() {
            lock.lock();
            try {
                return line.termios();
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void setTermios(byte[] settings, int when) {
            lock.lock();
            try {
                if (when == 2) {
                    line.flush();
                }
                line.setTermios(settings);
            } finally {
                lock.unlock();
            }
            tell();
        }

        @Override
        public void flush(boolean in, boolean out) {
            lock.lock();
            try {
                // What comes in on one side goes out on the other.
                if (master ? out : in) {
                    line.flush();
                }
                if (master ? in : out) {
                    output.reset();
                }
            } finally {
                lock.unlock();
            }
            tell();
        }

        @Override
        public void stopOutput(boolean stop) {
            lock.lock();
            try {
                line.setStopped(stop);
            } finally {
                lock.unlock();
            }
            tell();
        }

        @Override
        public int available() {
            lock.lock();
            try {
                return master ? output.size() : line.available();
            } finally {
                lock.unlock();
            }
        }

        @Override
        public int columns() {
            lock.lock();
            try {
                return columns;
            } finally {
                lock.unlock();
            }
        }

        @Override
        public int rows() {
            lock.lock();
            try {
                return rows;
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void resize(int newRows, int newColumns) {
            boolean other;
            lock.lock();
            try {
                other = rows != newRows || columns != newColumns;
                rows = newRows;
                columns = newColumns;
            } finally {
                lock.unlock();
            }
            if (other) {
                owner.signal(SIGWINCH);
            }
        }

        @Override
        protected void close() {
            gone(this);
        }
    }
}
