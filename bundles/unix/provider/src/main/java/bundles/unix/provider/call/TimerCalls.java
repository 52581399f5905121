package bundles.unix.provider.call;

import static bundles.unix.provider.call.Call.full;
import static bundles.unix.provider.call.Call.partly;

import bundles.unix.provider.abi.Errno;
import bundles.unix.provider.abi.ErrnoException;
import bundles.unix.provider.process.PosixTimers;
import bundles.unix.provider.process.UnixThread;
import bundles.unix.provider.signal.Signal;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.LongSupplier;
import kernel.core.machine.UserContext;

/** System calls on timers: timer_create(2), timer_settime(2), timer_getoverrun(2); and clock_settime(2). */
final class TimerCalls {

    private static final int TIMER_ABSTIME = 1, SIGEVENT = 64;

    private TimerCalls() {}

    static List<Call> calls() {
        return List.of(full(414, "timer_create", "dxx", TimerCalls::create),
                full(415, "timer_settime", "dxxx", TimerCalls::set), full(416, "timer_gettime", "dx", (t, c) -> {
                    EventCalls.put(t, c.argument(1), timer(t, c).clock());
                    return 0;
                }), full(417, "timer_getoverrun", "d", (t, c) -> timer(t, c).overrun()),
                full(418, "timer_delete", "d", (t, c) -> {
                    t.process().timers().posix().delete((int) c.argument(0));
                    return 0;
                }), partly(419, "clock_settime", "dx", "nobody may", (t, c) -> {
                    TimeCalls.time(t, (int) c.argument(0));
                    throw ((int) c.argument(0) == 0 ? Errno.EPERM : Errno.EINVAL).exception();
                }));
    }

    private static PosixTimers.Timer timer(UnixThread thread, UserContext context) throws ErrnoException {
        return thread.process().timers().posix().get((int) context.argument(0));
    }

    private static long create(UnixThread thread, UserContext context) throws ErrnoException {
        int clock = (int) context.argument(0);
        LongSupplier base = TimeCalls.base(thread, clock);
        if (clock >= 4 && clock <= 6) {
            throw Errno.EOPNOTSUPP.exception();
        }
        int signal = Signal.SIGALRM;
        Long value = null;
        UnixThread to = null;
        if (context.argument(1) != 0) {
            ByteBuffer event = thread.memory().read(context.argument(1), SIGEVENT);
            value = event.getLong(0);
            signal = event.getInt(8);
            int how = event.getInt(12);
            if (how == PosixTimers.SIGEV_NONE) {
                signal = 0;
            } else if (signal < 1 || signal > Signal.MAX || how != PosixTimers.SIGEV_SIGNAL
                    && how != PosixTimers.SIGEV_THREAD && how != PosixTimers.SIGEV_THREAD_ID) {
                throw Errno.EINVAL.exception();
            }
            if (how == PosixTimers.SIGEV_THREAD_ID) {
                to = thread.kernel().table().thread(event.getInt(16));
                if (to == null || to.process() != thread.process()) {
                    throw Errno.EINVAL.exception();
                }
            }
        }
        thread.memory().readInt(context.argument(2));
        int id = thread.process().timers().posix().create(base, TimeCalls.ofProcessor(clock), signal, to, value);
        try {
            thread.memory().writeInt(context.argument(2), id);
        } catch (ErrnoException e) {
            thread.process().timers().posix().delete(id);
            throw e;
        }
        return 0;
    }

    private static long set(UnixThread thread, UserContext context) throws ErrnoException {
        if (context.argument(2) == 0) {
            throw Errno.EINVAL.exception();
        }
        ByteBuffer times = thread.memory().read(context.argument(2), 32);
        long interval = TimeCalls.duration(times);
        long value = TimeCalls.duration(times);
        PosixTimers.Timer timer = timer(thread, context);
        if (context.argument(3) != 0) {
            EventCalls.put(thread, context.argument(3), timer.clock());
        }
        if (value != 0 && (context.argument(1) & TIMER_ABSTIME) != 0) {
            value = Math.max(1, value - timer.now());
        }
        timer.set(value, value == 0 ? 0 : interval);
        return 0;
    }
}
