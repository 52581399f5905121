package bundles.unix.provider.call;

import static bundles.unix.provider.call.Call.full;

import bundles.unix.provider.abi.Errno;
import bundles.unix.provider.abi.ErrnoException;
import bundles.unix.provider.process.Futexes;
import bundles.unix.provider.process.PriorityFutexes;
import bundles.unix.provider.process.UnixThread;
import java.io.IOException;
import java.util.List;
import kernel.core.machine.UserContext;

/** futex(2). */
final class FutexCalls {

    private static final int WAIT = 0, WAKE = 1, REQUEUE = 3, CMP_REQUEUE = 4, WAKE_OP = 5, LOCK_PI = 6, UNLOCK_PI = 7,
            TRYLOCK_PI = 8, WAIT_BITSET = 9, WAKE_BITSET = 10, WAIT_REQUEUE_PI = 11, CMP_REQUEUE_PI = 12,
            LOCK_PI2 = 13, COMMAND = 0x7F, PRIVATE = 0x80, CLOCK_REALTIME = 0x100;

    private FutexCalls() {}

    static List<Call> calls() {
        return List.of(full(394, "futex", "xdxxxx", FutexCalls::futex));
    }

    private static long futex(UnixThread thread, UserContext context) throws ErrnoException, IOException {
        Futexes futexes = thread.kernel().futexes();
        long address = context.argument(0);
        int operation = (int) context.argument(1);
        int value = (int) context.argument(2);
        int second = (int) context.argument(3);
        long other = context.argument(4);
        boolean common = (operation & PRIVATE) == 0;
        return switch (operation & COMMAND) {
            case WAIT -> {
                futexes.await(thread, address, common, value, -1, timeout(thread, context, operation));
                yield 0;
            }
            case WAIT_BITSET -> {
                futexes.await(thread, address, common, value, bits(context), timeout(thread, context, operation));
                yield 0;
            }
            case WAKE -> futexes.wake(thread, address, common, Math.max(1, value), -1);
            case WAKE_BITSET -> futexes.wake(thread, address, common, Math.max(1, value), bits(context));
            case REQUEUE -> futexes.requeue(thread, address, common, notNegative(value), notNegative(second), other,
                    null);
            case CMP_REQUEUE -> futexes.requeue(thread, address, common, notNegative(value), notNegative(second),
                    other, (int) context.argument(5));
            case WAKE_OP -> futexes.wakeAndChange(thread, address, common, value, other, second,
                    (int) context.argument(5));
            case LOCK_PI, LOCK_PI2, TRYLOCK_PI, UNLOCK_PI -> inTurn(thread, context, operation);
            case WAIT_REQUEUE_PI -> {
                thread.kernel().priorityFutexes().awaitAndLock(thread, address, other, common, value,
                        timeout(thread, context, operation));
                yield 0;
            }
            case CMP_REQUEUE_PI -> {
                if (value != 1) {
                    throw Errno.EINVAL.exception();
                }
                yield thread.kernel().priorityFutexes().requeue(thread, address, other, common, notNegative(second),
                        (int) context.argument(5));
            }
            default -> throw Errno.ENOSYS.exception();
        };
    }

    private static long inTurn(UnixThread thread, UserContext context, int operation)
            throws ErrnoException, IOException {
        PriorityFutexes futexes = thread.kernel().priorityFutexes();
        long address = context.argument(0);
        boolean common = (operation & PRIVATE) == 0;
        switch (operation & COMMAND) {
            case UNLOCK_PI -> futexes.unlock(thread, address, common);
            case TRYLOCK_PI -> futexes.lock(thread, address, common, 0, false);
            // The first of these calls has always had times of day.
            case LOCK_PI -> futexes.lock(thread, address, common,
                    timeout(thread, context, operation | CLOCK_REALTIME), true);
            default -> futexes.lock(thread, address, common, timeout(thread, context, operation), true);
        }
        return 0;
    }

    private static int notNegative(int count) throws ErrnoException {
        if (count < 0) {
            throw Errno.EINVAL.exception();
        }
        return count;
    }

    private static int bits(UserContext context) throws ErrnoException {
        int bits = (int) context.argument(5);
        if (bits == 0) {
            throw Errno.EINVAL.exception();
        }
        return bits;
    }

    private static long timeout(UnixThread thread, UserContext context, int operation) throws ErrnoException {
        if (context.argument(3) == 0) {
            return Long.MAX_VALUE;
        }
        long time = TimeCalls.duration(thread.memory().read(context.argument(3), 16));
        if ((operation & COMMAND) == WAIT) {
            return time;
        }
        long now = (operation & CLOCK_REALTIME) != 0
                ? thread.kernel().clock().realTime()
                : thread.kernel().clock().monotonicTime();
        return Math.max(0, time - now);
    }
}
