package bundles.unix.provider.call;

import static bundles.unix.provider.call.Call.full;
import static bundles.unix.provider.call.Call.partly;

import bundles.unix.provider.abi.Errno;
import bundles.unix.provider.abi.ErrnoException;
import bundles.unix.provider.abi.UserMemory;
import bundles.unix.provider.process.IntervalTimer;
import bundles.unix.provider.process.UnixThread;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import kernel.core.machine.Clock;
import kernel.core.machine.UserContext;

/** System calls about time: clock_gettime(2), gettimeofday(2), nanosleep(2), setitimer(2), times(2), getrusage(2). */
final class TimeCalls {

    private static final long SECOND = 1_000_000_000L;
    private static final long TICK = SECOND / 1024;
    private static final int TIMER_ABSTIME = 1;

    private TimeCalls() {}

    static List<Call> calls() {
        return List.of(partly(420, "clock_gettime", "dx", "no clocks of other processes", TimeCalls::clockGettime),
                partly(421, "clock_getres", "dx", "no clocks of other processes", TimeCalls::clockGetres),
                full(359, "gettimeofday", "xx", (p, c) -> gettimeofday(p, c, 8)),
                full(116, "osf_gettimeofday", "xx", (p, c) -> gettimeofday(p, c, 4)),
                full(340, "nanosleep", "xx", (p, c) -> sleep(p, c.argument(0), c.argument(1))),
                partly(422, "clock_nanosleep", "dxxx", "processor-time clocks", TimeCalls::clockNanosleep),
                partly(362, "setitimer", "dxx", "ITIMER_REAL only", TimeCalls::setitimer),
                partly(361, "getitimer", "dx", "ITIMER_REAL only", TimeCalls::getitimer),
                partly(323, "times", "x", "all time is user time; no children", TimeCalls::times),
                partly(364, "getrusage", "dx", "all time is user time; no children", TimeCalls::getrusage));
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

    private static long time(UnixThread thread, int id) throws ErrnoException {
        Clock clock = thread.kernel().clock();
        return switch (id) {
            case 0, 5 -> clock.realTime();
            case 1, 4, 6, 7 -> clock.monotonicTime();
            case 2, 3 -> thread.process().processorTime();
            default -> throw Errno.EINVAL.exception();
        };
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
        if (id == 2 || id == 3) {
            throw Errno.EOPNOTSUPP.exception();
        }
        long now = time(thread, id);
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

    private static IntervalTimer timer(UnixThread thread, long which) throws ErrnoException {
        if (which != 0) {
            throw Errno.EINVAL.exception();
        }
        return thread.process().realTimer();
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
                    UserMemory.struct(32).putLong(thread.process().processorTime() / TICK));
        }
        return thread.kernel().clock().monotonicTime() / TICK;
    }

    private static long getrusage(UnixThread thread, UserContext context) throws ErrnoException {
        int who = (int) context.argument(0);
        if (who < -1 || who > 1) {
            throw Errno.EINVAL.exception();
        }
        ByteBuffer usage = UserMemory.struct(144);
        if (who != -1) {
            long time = thread.process().processorTime();
            usage.putLong(time / SECOND).putLong(time % SECOND / 1000);
            // ru_maxrss in KB, ru_minflt.
            usage.putLong(32, thread.process().resident() * 8L).putLong(64, thread.map().space().faults());
        }
        thread.memory().write(context.argument(1), usage);
        return 0;
    }
}
