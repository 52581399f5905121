package bundles.unix.provider.file;

import bundles.unix.provider.abi.Errno;
import bundles.unix.provider.abi.ErrnoException;
import bundles.unix.provider.abi.OpenFlags;
import bundles.unix.provider.abi.Waiter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Tells how often a timer has expired (timerfd_create(2)). The monitor guards the count. */
public final class TimerFile extends OpenFile {

    private final boolean realTime;
    private final Runnable atEnd;
    private volatile Object timer;
    private long expirations;

    /**
     * @param realTime whether absolute times are of day
     * @param atEnd stops the timer
     * @param flags status flags
     */
    public TimerFile(boolean realTime, Runnable atEnd, int flags) {
        super(OpenFlags.O_RDWR | flags);
        this.realTime = realTime;
        this.atEnd = atEnd;
    }

    /** Keeps what expires, for {@link #timer}. */
    public void setTimer(Object newTimer) {
        timer = newTimer;
    }

    /** What expires. */
    public Object timer() {
        return timer;
    }

    /** Whether absolute times are of day. */
    public boolean realTime() {
        return realTime;
    }

    /** The timer has expired. Any strand. @param times how often since the last time */
    public void expired(long times) {
        synchronized (this) {
            expirations += times;
            notifyAll();
        }
        changed();
    }

    /** The timer is set anew. */
    public synchronized void reset() {
        expirations = 0;
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
        return 8;
    }

    private synchronized long take(boolean wait) throws InterruptedException, ErrnoException {
        while (expirations == 0) {
            if (!wait) {
                throw Errno.EAGAIN.exception();
            }
            wait();
        }
        long taken = expirations;
        expirations = 0;
        return taken;
    }

    @Override
    public int write(Waiter waiter, byte[] from, int offset, int length) throws ErrnoException {
        throw Errno.EINVAL.exception();
    }

    @Override
    public synchronized int events() {
        return Events.of(expirations != 0, false);
    }

    @Override
    protected void close() {
        atEnd.run();
    }

    /** {@inheritDoc} It has no position, and says so by staying at 0. */
    @Override
    public long seek(long offset, int whence) {
        return 0;
    }
}
