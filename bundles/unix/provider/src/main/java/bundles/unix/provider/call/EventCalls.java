package bundles.unix.provider.call;

import static bundles.unix.provider.call.Call.full;
import static bundles.unix.provider.call.Call.partly;

import bundles.unix.provider.abi.Errno;
import bundles.unix.provider.abi.ErrnoException;
import bundles.unix.provider.abi.OpenFlags;
import bundles.unix.provider.abi.UserMemory;
import bundles.unix.provider.file.EpollFile;
import bundles.unix.provider.file.EventFile;
import bundles.unix.provider.file.OpenFile;
import bundles.unix.provider.file.SignalFile;
import bundles.unix.provider.file.TimerFile;
import bundles.unix.provider.process.IntervalTimer;
import bundles.unix.provider.process.UnixThread;
import bundles.unix.provider.signal.Signal;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import kernel.core.machine.UserContext;

/** Files that tell of events: epoll(7), eventfd(2), timerfd_create(2). */
final class EventCalls {

    private static final int ADD = 1, DELETE = 2, CHANGE = 3, EVENT = 16;
    private static final int EFD_SEMAPHORE = 1, TFD_TIMER_ABSTIME = 1, TFD_TIMER_CANCEL_ON_SET = 2;
    private static final int FLAGS = OpenFlags.O_CLOEXEC | OpenFlags.O_NONBLOCK;
    private static final long SECOND = 1_000_000_000L;

    private EventCalls() {}

    static List<Call> calls() {
        return List.of(full(407, "epoll_create", "d", (t, c) -> {
            if ((int) c.argument(0) <= 0) {
                throw Errno.EINVAL.exception();
            }
            return add(t, new EpollFile(), 0);
        }), full(486, "epoll_create1", "x", (t, c) -> add(t, new EpollFile(), check(c.argument(0),
                OpenFlags.O_CLOEXEC))), full(408, "epoll_ctl", "fdfx", EventCalls::control),
                full(409, "epoll_wait", "fxdd", (t, c) -> epoll(t, c, milliseconds(c.argument(3)))),
                full(474, "epoll_pwait", "fxddxd", (t, c) -> PollCalls.masked(t, c.argument(4),
                        () -> epoll(t, c, milliseconds(c.argument(3))))),
                full(551, "epoll_pwait2", "fxdxxd", (t, c) -> {
                    long timeout = c.argument(3) == 0
                            ? Long.MAX_VALUE
                            : TimeCalls.duration(t.memory().read(c.argument(3), 16));
                    return PollCalls.masked(t, c.argument(4), () -> epoll(t, c, timeout));
                }), full(478, "eventfd", "d", (t, c) -> add(t, new EventFile(c.argument(0) & 0xFFFFFFFFL, false, 0),
                        0)),
                full(485, "eventfd2", "dx", EventCalls::event), partly(481, "timerfd_create", "dx",
                        "the boot-time and alarm clocks are the monotonic and real ones", EventCalls::timer),
                full(476, "signalfd", "fxd", (t, c) -> signals(t, c, 0)),
                full(484, "signalfd4", "fxdx",
                        (t, c) -> signals(t, c, check(c.argument(3) & 0xFFFFFFFFL, FLAGS))),
                full(482, "timerfd_settime", "fxxx", EventCalls::setTimer),
                full(483, "timerfd_gettime", "fx", (t, c) -> {
                    put(t, c.argument(1), timers(t, c));
                    return 0;
                }));
    }

    private static long milliseconds(long timeout) {
        return (int) timeout < 0 ? Long.MAX_VALUE : (int) timeout * 1_000_000L;
    }

    private static int check(long flags, int allowed) throws ErrnoException {
        if ((flags & ~(long) allowed) != 0) {
            throw Errno.EINVAL.exception();
        }
        return (int) flags;
    }

    private static long add(UnixThread thread, OpenFile file, int flags) throws ErrnoException, IOException {
        try {
            return thread.files().add(file, (flags & OpenFlags.O_CLOEXEC) != 0);
        } catch (ErrnoException e) {
            file.release();
            throw e;
        }
    }

    private static long event(UnixThread thread, UserContext context) throws ErrnoException, IOException {
        int flags = check(context.argument(1), FLAGS | EFD_SEMAPHORE);
        return add(thread, new EventFile(context.argument(0) & 0xFFFFFFFFL, (flags & EFD_SEMAPHORE) != 0,
                flags & OpenFlags.O_NONBLOCK), flags);
    }

    private static EpollFile epoll(UnixThread thread, UserContext context) throws ErrnoException {
        if (thread.file(context.argument(0)) instanceof EpollFile epoll) {
            return epoll;
        }
        throw Errno.EINVAL.exception();
    }

    private static long control(UnixThread thread, UserContext context) throws ErrnoException {
        int operation = (int) context.argument(1);
        int descriptor = (int) context.argument(2);
        ByteBuffer event = operation == DELETE ? null : thread.memory().read(context.argument(3), EVENT);
        OpenFile file = thread.file(descriptor);
        EpollFile epoll = epoll(thread, context);
        switch (operation) {
            case ADD -> epoll.add(descriptor, file, event.getInt(0), event.getLong(8));
            case CHANGE -> epoll.change(descriptor, file, event.getInt(0), event.getLong(8));
            case DELETE -> epoll.remove(descriptor, file);
            default -> throw Errno.EINVAL.exception();
        }
        return 0;
    }

    private static long epoll(UnixThread thread, UserContext context, long timeout)
            throws ErrnoException, IOException {
        EpollFile epoll = epoll(thread, context);
        int most = (int) context.argument(2);
        if (most <= 0 || most > 1 << 20) {
            throw Errno.EINVAL.exception();
        }
        List<EpollFile.Ready> ready = new ArrayList<>();
        PollCalls.await(thread, List.of(epoll), timeout, () -> {
            ready.addAll(epoll.take(most));
            return ready.size();
        });
        ByteBuffer events = UserMemory.struct(EVENT * ready.size());
        ready.forEach(one -> events.putInt(one.events()).putInt(0).putLong(one.data()));
        thread.memory().write(context.argument(1), events);
        return ready.size();
    }

    private static long signals(UnixThread thread, UserContext context, int flags)
            throws ErrnoException, IOException {
        if (context.argument(2) != Long.BYTES) {
            throw Errno.EINVAL.exception();
        }
        long set = thread.memory().readLong(context.argument(1)) & ~Signal.UNBLOCKABLE;
        if ((int) context.argument(0) == -1) {
            return add(thread, new SignalFile(thread.process().signals(), set, flags & OpenFlags.O_NONBLOCK), flags);
        }
        if (thread.file(context.argument(0)) instanceof SignalFile file) {
            file.setSignals(set);
            return context.argument(0);
        }
        throw Errno.EINVAL.exception();
    }

    private static long timer(UnixThread thread, UserContext context) throws ErrnoException, IOException {
        int clock = (int) context.argument(0);
        int flags = check(context.argument(1), FLAGS);
        if (clock != 0 && clock != 1 && clock != 7 && clock != 8 && clock != 9) {
            throw Errno.EINVAL.exception();
        }
        IntervalTimer[] timer = new IntervalTimer[1];
        var file = new TimerFile(clock == 0 || clock == 8, () -> timer[0].set(0, 0), flags & OpenFlags.O_NONBLOCK);
        timer[0] = new IntervalTimer(thread.kernel().clock(), thread.kernel().strands(), file::expired);
        file.setTimer(timer[0]);
        return add(thread, file, flags);
    }

    private static IntervalTimer timers(UnixThread thread, UserContext context) throws ErrnoException {
        if (thread.file(context.argument(0)) instanceof TimerFile file) {
            return (IntervalTimer) file.timer();
        }
        throw Errno.EINVAL.exception();
    }

    /** A timer as {@code struct itimerspec}. */
    static void put(UnixThread thread, long address, IntervalTimer timer) throws ErrnoException {
        long interval = timer.interval();
        long value = timer.value();
        thread.memory().write(address, UserMemory.struct(32).putLong(interval / SECOND).putLong(interval % SECOND)
                .putLong(value / SECOND).putLong(value % SECOND));
    }

    private static long setTimer(UnixThread thread, UserContext context) throws ErrnoException {
        int flags = check(context.argument(1), TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET);
        IntervalTimer timer = timers(thread, context);
        TimerFile file = (TimerFile) thread.file(context.argument(0));
        ByteBuffer times = thread.memory().read(context.argument(2), 32);
        long interval = TimeCalls.duration(times);
        long value = TimeCalls.duration(times);
        if (context.argument(3) != 0) {
            put(thread, context.argument(3), timer);
        }
        if (value != 0 && (flags & TFD_TIMER_ABSTIME) != 0) {
            long now = file.realTime()
                    ? thread.kernel().clock().realTime()
                    : thread.kernel().clock().monotonicTime();
            value = Math.max(1, value - now);
        }
        file.reset();
        timer.set(value, interval);
        return 0;
    }
}
