package bundles.unix.provider.file;

import bundles.unix.provider.abi.Errno;
import bundles.unix.provider.abi.ErrnoException;
import bundles.unix.provider.abi.OpenFlags;
import bundles.unix.provider.abi.UserMemory;
import bundles.unix.provider.abi.Waiter;
import bundles.unix.provider.signal.SignalGroup;
import bundles.unix.provider.signal.SignalInfo;
import bundles.unix.provider.signal.Signals;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Gives signals to who reads it (signalfd(2)): those of the set that are pending for the reading thread, which blocks them.
 * Whether there are some, poll(2) is told of the process that made it; a child that inherits it reads its own.
 *
 * <p>Concurrency: the monitor guards the set and counts what has come; a signal group calls {@link #come} with its lock not held.
 */
public final class SignalFile extends OpenFile {

    /** Bytes of a {@code struct signalfd_siginfo}. */
    public static final int SIZE = 128;

    private final SignalGroup group;
    private final Runnable watcher = this::come;
    private long set;
    private long arrivals;

    /**
     * @param group of the process that makes it
     * @param set the signals
     * @param flags status flags
     */
    public SignalFile(SignalGroup group, long set, int flags) {
        super(OpenFlags.O_RDWR | flags);
        this.group = group;
        this.set = set;
        group.watch(watcher);
    }

    /** Other signals from now on. */
    public void setSignals(long newSet) {
        synchronized (this) {
            set = newSet;
        }
        come();
    }

    private synchronized long set() {
        return set;
    }

    private void come() {
        synchronized (this) {
            arrivals++;
            notifyAll();
        }
        changed();
    }

    @Override
    public FileStatus status() {
        return FileStatus.ofSpecial(0600, 0, System.identityHashCode(this) & 0xFFFFFFFFL);
    }

    @Override
    public int read(Waiter waiter, byte[] to, int offset, int length) throws IOException, ErrnoException {
        if (length < SIZE) {
            throw Errno.EINVAL.exception();
        }
        Signals signals = (Signals) waiter;
        boolean other = signals.group() != group;
        if (other) {
            signals.group().watch(watcher);
        }
        try {
            int total = 0;
            SignalInfo info = first(signals);
            while (info != null) {
                put(info, to, offset + total);
                total += SIZE;
                info = length - total < SIZE ? null : signals.takeOf(set(), true);
            }
            return total;
        } finally {
            if (other) {
                signals.group().unwatch(watcher);
            }
        }
    }

    private SignalInfo first(Signals signals) throws IOException, ErrnoException {
        while (true) {
            long seen;
            synchronized (this) {
                seen = arrivals;
            }
            SignalInfo info = signals.takeOf(set(), true);
            if (info != null) {
                return info;
            }
            if ((flags() & OpenFlags.O_NONBLOCK) != 0) {
                throw Errno.EAGAIN.exception();
            }
            signals.await(() -> {
                synchronized (this) {
                    while (arrivals == seen) {
                        wait();
                    }
                }
                return 0;
            });
        }
    }

    /** As {@code struct signalfd_siginfo} (linux/signalfd.h). */
    private static void put(SignalInfo info, byte[] to, int at) {
        ByteBuffer struct = UserMemory.struct(SIZE).putInt(0, info.signal()).putInt(8, info.code());
        int low = (int) info.first();
        int high = (int) (info.first() >>> 32);
        if (info.code() == bundles.unix.provider.signal.Signal.SI_TIMER) {
            struct.putInt(24, low).putInt(32, high).putInt(44, (int) info.second()).putLong(48, info.second());
        } else if (info.code() > 0 && info.signal() != bundles.unix.provider.signal.Signal.SIGCHLD) {
            struct.putLong(72, info.first());
        } else {
            struct.putInt(12, low).putInt(16, high);
            if (info.signal() == bundles.unix.provider.signal.Signal.SIGCHLD && info.code() > 0) {
                struct.putInt(40, (int) info.second());
            } else {
                struct.putInt(44, (int) info.second()).putLong(48, info.second());
            }
        }
        System.arraycopy(struct.array(), 0, to, at, SIZE);
    }

    @Override
    public int write(Waiter waiter, byte[] from, int offset, int length) throws ErrnoException {
        throw Errno.EINVAL.exception();
    }

    @Override
    public int events() {
        return Events.of((group.pendingForAny() & set()) != 0, false);
    }

    @Override
    protected void close() {
        group.unwatch(watcher);
    }

    /** {@inheritDoc} It has no position, and says so by staying at 0. */
    @Override
    public long seek(long offset, int whence) {
        return 0;
    }
}
