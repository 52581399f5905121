package bundles.unix.provider.call;

import static bundles.unix.provider.call.Call.full;
import static bundles.unix.provider.call.Call.partly;

import bundles.unix.provider.abi.Errno;
import bundles.unix.provider.abi.ErrnoException;
import bundles.unix.provider.abi.InterruptedCall;
import bundles.unix.provider.abi.UserMemory;
import bundles.unix.provider.process.IntervalTimer;
import bundles.unix.provider.process.ProcessTable;
import bundles.unix.provider.process.UnixProcess;
import bundles.unix.provider.process.UnixThread;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.LongSupplier;
import kernel.core.machine.Clock;
import kernel.core.machine.UserContext;

/** System calls about time: clock_gettime(2), gettimeofday(2), nanosleep(2), setitimer(2), times(2), getrusage(2). */
final class TimeCalls {

    private static final long SECOND = 1_000_000_000L;
    private static final long TICK = SECOND / 1024;
    private static final int TIMER_ABSTIME = 1;

    private TimeCalls() {}

    static List<Call> calls() {
        return List.of(full(420, "clock_gettime", "dx", TimeCalls::clockGettime),
                full(421, "clock_getres", "dx", TimeCalls::clockGetres),
                full(359, "gettimeofday", "xx", (p, c) -> gettimeofday(p, c, 8)),
                full(116, "osf_gettimeofday", "xx", (p, c) -> gettimeofday(p, c, 4)),
                full(340, "nanosleep", "xx", (p, c) -> sleep(p, c.argument(0), c.argument(1))),
                full(422, "clock_nanosleep", "dxxx", TimeCalls::clockNanosleep),
                full(362, "setitimer", "dxx", TimeCalls::setitimer),
                full(361, "getitimer", "dx", TimeCalls::getitimer),
                partly(323, "times", "x", "all time is user time", TimeCalls::times),
                partly(364, "getrusage", "dx", "all time is user time", TimeCalls::getrusage));
    }

    /** Nanoseconds of a {@code struct timespec} at a buffer's position. */
    static long duration(ByteBuffer timespec) throws ErrnoException {
        long seconds = timespec.getLong();
        long nanoseconds = timespec.getLong();
        if (seconds < 0 || nanoseconds < 0 || nanoseconds >= SECOND) {
            throw Errno.EINVAL.exception();
        }
        return seconds > Long.MAX_VALUE / SECOND - 1 ? Long.MAX_VALUE : seconds * SECOND + nanoseconds;
    }

    /** A clock's time; a negative id is that of a process's or thread's processor time (clock_getcpuclockid(3)). */
    static long time(UnixThread thread, int id) throws ErrnoException {
        return base(thread, id).getAsLong();
    }

    /** Whether a clock is one of processor time. */
    static boolean ofProcessor(int id) {
        return id == 2 || id == 3 || id < 0;
    }

    /** What tells a clock's time. @throws ErrnoException EINVAL: there is no such clock */
    static LongSupplier base(UnixThread thread, int id) throws ErrnoException {
        Clock clock = thread.kernel().clock();
        return switch (id) {
            case 0, 5, 8, 11 -> clock::realTime;
            case 1, 4, 6, 7, 9 -> clock::monotonicTime;
            case 2 -> thread.process()::processorTime;
            case 3 -> thread::processorTime;
            default -> ofOther(thread, id);
        };
    }

    private static LongSupplier ofOther(UnixThread thread, int id) throws ErrnoException {
        int of = ~(id >> 3);
        if (id >= 0 || (id & 3) == 3) {
            throw Errno.EINVAL.exception();
        }
        ProcessTable table = thread.kernel().table();
        if ((id & 4) != 0) {
            UnixThread other = of == 0 ? thread : table.thread(of);
            if (other == null || other.process() != thread.process()) {
                throw Errno.EINVAL.exception();
            }
            return other::processorTime;
        }
        UnixProcess process = of == 0 ? thread.process() : table.find(of);
        if (process == null) {
            throw Errno.EINVAL.exception();
        }
        return process::processorTime;
    }

    private static long clockGettime(UnixThread thread, UserContext context) throws ErrnoException {
        putTime(thread, context.argument(1), time(thread, (int) context.argument(0)));
        return 0;
    }

    private static long clockGetres(UnixThread thread, UserContext context) throws ErrnoException {
        time(thread, (int) context.argument(0));
        if (context.argument(1) != 0) {
            putTime(thread, context.argument(1), 1);
        }
        return 0;
    }

    private static void putTime(UnixThread thread, long to, long time) throws ErrnoException {
        thread.memory().write(to,
                UserMemory.struct(16).putLong(Math.floorDiv(time, SECOND)).putLong(Math.floorMod(time, SECOND)));
    }

    /** With 64-bit or, as OSF/1 had it, 32-bit fields. */
    private static long gettimeofday(UnixThread thread, UserContext context, int field) throws ErrnoException {
        long time = thread.kernel().clock().realTime();
        long seconds = Math.floorDiv(time, SECOND);
        long microseconds = Math.floorMod(time, SECOND) / 1000;
        if (context.argument(0) != 0) {
            ByteBuffer timeval = UserMemory.struct(2 * field);
            thread.memory().write(context.argument(0), field == 8
                    ? timeval.putLong(seconds).putLong(microseconds)
                    : timeval.putInt((int) seconds).putInt((int) microseconds));
        }
        if (context.argument(1) != 0) {
            thread.memory().write(context.argument(1), UserMemory.struct(8));
        }
        return 0;
    }

    private static long sleep(UnixThread thread, long durationAt, long remainderAt)
            throws ErrnoException, IOException {
        long duration = duration(thread.memory().read(durationAt, 16));
        Clock clock = thread.kernel().clock();
        long start = clock.monotonicTime();
        try {
            pause(thread, duration);
        } catch (ErrnoException e) {
            if (remainderAt != 0) {
                putTime(thread, remainderAt, Math.max(0, duration - (clock.monotonicTime() - start)));
            }
            throw Errno.EINTR.exception();
        }
        return 0;
    }

    /** Waits for a time, or until a signal comes. */
    static void pause(UnixThread thread, long nanoseconds) throws ErrnoException, IOException {
        thread.signals().await(() -> {
            thread.kernel().clock().sleep(nanoseconds);
            return 0;
        });
    }

    private static long clockNanosleep(UnixThread thread, UserContext context) throws ErrnoException, IOException {
        int id = (int) context.argument(0);
        long now = time(thread, id);
        if (id >= 3 && id <= 6) {
            throw Errno.EOPNOTSUPP.exception();
        }
        if (ofProcessor(id)) {
            return processorSleep(thread, context, id, now);
        }
        if ((context.argument(1) & TIMER_ABSTIME) == 0) {
            return sleep(thread, context.argument(2), context.argument(3));
        }
        long until = duration(thread.memory().read(context.argument(2), 16));
        try {
            pause(thread, Math.max(0, until - now));
        } catch (ErrnoException e) {
            throw Errno.EINTR.exception();
        }
        return 0;
    }

    /** Until a processor time: looks again and again. */
    private static long processorSleep(UnixThread thread, UserContext context, int id, long now)
            throws ErrnoException, IOException {
        boolean absolute = (context.argument(1) & TIMER_ABSTIME) != 0;
        long until = duration(thread.memory().read(context.argument(2), 16)) + (absolute ? 0 : now);
        try {
            for (long left = until - now; left > 0; left = until - time(thread, id)) {
                pause(thread, Math.max(left / 4, 1_000_000));
            }
        } catch (InterruptedCall e) {
            if (!absolute && context.argument(3) != 0) {
                putTime(thread, context.argument(3), Math.max(0, until - time(thread, id)));
            }
            throw Errno.EINTR.exception();
        }
        return 0;
    }

    /** A timer of setitimer(2). @throws ErrnoException EINVAL: there is none with this number */
    static IntervalTimer timer(UnixThread thread, long which) throws ErrnoException {
        return switch ((int) which) {
            case 0 -> thread.process().timers().real();
            case 1 -> thread.process().timers().virtual();
            case 2 -> thread.process().timers().profiling();
            default -> throw Errno.EINVAL.exception();
        };
    }

    private static void putTimer(UnixThread thread, IntervalTimer timer, long to) throws ErrnoException {
        ByteBuffer struct = UserMemory.struct(32);
        for (long time : new long[]{timer.interval(), timer.value()}) {
            // Rounded up, for 0 would say that it is stopped.
            long microseconds = (time + 999) / 1000;
            struct.putLong(microseconds / 1_000_000).putLong(microseconds % 1_000_000);
        }
        thread.memory().write(to, struct);
    }

    private static long setitimer(UnixThread thread, UserContext context) throws ErrnoException {
        IntervalTimer timer = timer(thread, context.argument(0));
        long interval = 0;
        long value = 0;
        if (context.argument(1) != 0) {
            ByteBuffer struct = thread.memory().read(context.argument(1), 32);
            interval = timeval(struct);
            value = timeval(struct);
        }
        if (context.argument(2) != 0) {
            putTimer(thread, timer, context.argument(2));
        }
        timer.set(value, interval);
        return 0;
    }

    private static long timeval(ByteBuffer struct) throws ErrnoException {
        long seconds = struct.getLong();
        long microseconds = struct.getLong();
        if (seconds < 0 || microseconds < 0 || microseconds >= 1_000_000) {
            throw Errno.EINVAL.exception();
        }
        return seconds > Long.MAX_VALUE / SECOND - 1 ? Long.MAX_VALUE : seconds * SECOND + microseconds * 1000;
    }

    private static long getitimer(UnixThread thread, UserContext context) throws ErrnoException {
        putTimer(thread, timer(thread, context.argument(0)), context.argument(1));
        return 0;
    }

    private static long times(UnixThread thread, UserContext context) throws ErrnoException {
        if (context.argument(0) != 0) {
            thread.memory().write(context.argument(0),
                    UserMemory.struct(32).putLong(thread.process().processorTime() / TICK)
                            .putLong(16, thread.process().family().childTime() / TICK));
        }
        return thread.kernel().clock().monotonicTime() / TICK;
    }

    private static long getrusage(UnixThread thread, UserContext context) throws ErrnoException {
        thread.memory().write(context.argument(1), usage(thread, (int) context.argument(0)));
        return 0;
    }

    /** As {@code struct rusage}. @param who RUSAGE_SELF 0, CHILDREN -1, THREAD 1 */
    static ByteBuffer usage(UnixThread thread, int who) throws ErrnoException {
        if (who < -1 || who > 1) {
            throw Errno.EINVAL.exception();
        }
        ByteBuffer usage = UserMemory.struct(144);
        long time = switch (who) {
            case -1 -> thread.process().family().childTime();
            case 0 -> thread.process().processorTime();
            default -> thread.processorTime();
        };
        usage.putLong(time / SECOND).putLong(time % SECOND / 1000);
        if (who != -1) {
            // ru_maxrss in KB, ru_minflt.
            usage.putLong(32, thread.process().resident() * 8L).putLong(64, thread.map().space().faults());
        }
        return usage;
    }
}
