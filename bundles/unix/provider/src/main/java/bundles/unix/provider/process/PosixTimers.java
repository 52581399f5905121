package bundles.unix.provider.process;

import bundles.unix.provider.abi.Errno;
import bundles.unix.provider.abi.ErrnoException;
import bundles.unix.provider.signal.Signal;
import bundles.unix.provider.signal.SignalGroup;
import bundles.unix.provider.signal.SignalInfo;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/**
 * The timers of a process (timer_create(2)). They end with it, and when it runs another program.
 *
 * <p>Concurrency: the monitor guards the table; a {@link Timer}'s, what it has sent. The latter is taken with the monitor of its
 * {@link IntervalTimer} held, and before the lock of the process's signals.
 */
public final class PosixTimers {

    /** How many a process may have. */
    private static final int MOST = 1024;

    /** How a timer tells: by a signal to the process, not at all, by one to a thread (sigevent(7)). */
    public static final int SIGEV_SIGNAL = 0, SIGEV_NONE = 1, SIGEV_THREAD = 2, SIGEV_THREAD_ID = 4;

    private final UnixProcess process;
    private final TreeMap<Integer, Timer> timers = new TreeMap<>();

    PosixTimers(UnixProcess process) {
        this.process = process;
    }

    /**
     * Makes one.
     *
     * @param base the clock's time in nanoseconds
     * @param processorTime whether that is processor time, which nobody can wait for but by looking
     * @param signal what is sent; 0: nothing
     * @param to the thread that it is sent to; null: the process
     * @param value goes with the signal; null: the timer's number
     * @throws ErrnoException EAGAIN: there are too many
     */
    public synchronized int create(LongSupplier base, boolean processorTime, int signal, UnixThread to, Long value)
            throws ErrnoException {
        if (timers.size() >= MOST) {
            throw Errno.EAGAIN.exception();
        }
        int id = 0;
        while (timers.containsKey(id)) {
            id++;
        }
        timers.put(id, new Timer(process, base, processorTime, id, signal, to, value == null ? id : value));
        return id;
    }

    /** @throws ErrnoException EINVAL: there is none with this number */
    public synchronized Timer get(int id) throws ErrnoException {
        Timer timer = timers.get(id);
        if (timer == null) {
            throw Errno.EINVAL.exception();
        }
        return timer;
    }

    /** Ends one. */
    public void delete(int id) throws ErrnoException {
        Timer timer = get(id);
        synchronized (this) {
            timers.remove(id);
        }
        timer.clock.set(0, 0);
    }

    /** Ends all. */
    void clear() {
        TreeMap<Integer, Timer> gone;
        synchronized (this) {
            gone = new TreeMap<>(timers);
            timers.clear();
        }
        gone.values().forEach(timer -> timer.clock.set(0, 0));
    }

    /** One of them. */
    public static final class Timer {

        private final UnixProcess process;
        private final LongSupplier base;
        private final IntervalTimer clock;
        private final int id;
        private final int signal;
        private final UnixThread to;
        private final long value;
        private SignalInfo last;
        private int delivered;

        Timer(UnixProcess process, LongSupplier base, boolean processorTime, int id, int signal, UnixThread to,
                long value) {
            this.process = process;
            this.base = base;
            this.id = id;
            this.signal = signal;
            this.to = to;
            this.value = value;
            // What is waited for is the time that passes, whichever clock an absolute time is one of.
            Kernel kernel = process.kernel();
            this.clock = processorTime
                    ? IntervalTimer.ofProcessorTime(kernel.clock(), kernel.strands(), base, this::expired)
                    : new IntervalTimer(kernel.clock(), kernel.strands(), this::expired);
        }

        /** What runs out. */
        public IntervalTimer clock() {
            return clock;
        }

        /** The time of its clock. */
        public long now() {
            return base.getAsLong();
        }

        /** As {@link IntervalTimer#set}. */
        public void set(long first, long interval) {
            synchronized (this) {
                last = null;
                delivered = 0;
            }
            clock.set(first, interval);
        }

        /** How many times more than one the last signal that was taken stands for (timer_getoverrun(2)). */
        public synchronized int overrun() {
            return last == null || process.signals().queued(last) ? delivered : overrun(last);
        }

        private static int overrun(SignalInfo info) {
            return (int) (info.first() >>> 32);
        }

        private SignalInfo info(long overruns) {
            long most = Math.min(overruns, Integer.MAX_VALUE);
            return new SignalInfo(signal, Signal.SI_TIMER, id & 0xFFFFFFFFL | most << 32, value);
        }

        private synchronized void expired(long times) {
            if (signal == 0) {
                return;
            }
            SignalGroup signals = process.signals();
            if (last != null) {
                // A timer has one signal under way; that it ran out again meanwhile is counted with it.
                SignalInfo more = info(overrun(last) + times);
                if (signals.replace(last, more)) {
                    last = more;
                    return;
                }
                delivered = overrun(last);
            }
            last = info(times - 1);
            if (to == null) {
                process.send(last);
            } else {
                to.signals().send(last);
            }
        }
    }
}
