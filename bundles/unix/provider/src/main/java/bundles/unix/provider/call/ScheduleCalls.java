package bundles.unix.provider.call;

import static bundles.unix.provider.call.Call.full;
import static bundles.unix.provider.call.Call.partly;

import bundles.unix.provider.abi.Errno;
import bundles.unix.provider.abi.ErrnoException;
import bundles.unix.provider.abi.UserMemory;
import bundles.unix.provider.process.ProcessTable;
import bundles.unix.provider.process.ResourceLimits;
import bundles.unix.provider.process.UnixProcess;
import bundles.unix.provider.process.UnixThread;
import java.nio.ByteBuffer;
import java.util.List;
import kernel.core.machine.UserContext;

/** System calls about scheduling: sched_yield(2), sched_setaffinity(2), sched_setscheduler(2), getpriority(2). */
final class ScheduleCalls {

    private static final int NORMAL = 0, FIFO = 1, ROUND_ROBIN = 2, BATCH = 3, IDLE = 5;

    /** Bytes of {@code struct sched_attr} in its first version, and now (linux/sched/types.h). */
    private static final int ATTRIBUTES_1 = 48, ATTRIBUTES = 56;

    private ScheduleCalls() {}

    static List<Call> calls() {
        return List.of(full(334, "sched_yield", "", (t, c) -> {
            Thread.yield();
            return 0;
        }), full(396, "sched_getaffinity", "ddx", ScheduleCalls::getAffinity),
                partly(395, "sched_setaffinity", "ddx", "has no effect", ScheduleCalls::setAffinity),
                partly(330, "sched_setparam", "dx", "priority 0 only", (t, c) -> parameter(t, c, 1)),
                partly(331, "sched_getparam", "dx", "always 0", ScheduleCalls::getParameter),
                partly(332, "sched_setscheduler", "ddx", "SCHED_OTHER only", ScheduleCalls::setScheduler),
                partly(333, "sched_getscheduler", "d", "always SCHED_OTHER", (t, c) -> {
                    check(t, c);
                    return NORMAL;
                }), full(335, "sched_get_priority_max", "d", (t, c) -> realTime(c) ? 99 : 0),
                full(336, "sched_get_priority_min", "d", (t, c) -> realTime(c) ? 1 : 0),
                partly(337, "sched_rr_get_interval", "dx", "the host's scheduler is not asked", (t, c) -> {
                    check(t, c);
                    t.memory().write(c.argument(1), UserMemory.struct(16).putLong(0).putLong(4_000_000));
                    return 0;
                }), partly(509, "sched_getattr", "dxdx", "always SCHED_OTHER", ScheduleCalls::getAttributes),
                partly(508, "sched_setattr", "dxx", "SCHED_OTHER only; how nice it is is only remembered",
                        ScheduleCalls::setAttributes),
                full(100, "getpriority", "dd", ScheduleCalls::getPriority),
                partly(96, "setpriority", "ddd", "only remembered", ScheduleCalls::setPriority));
    }

    /** PRIO_PROCESS, PRIO_PGRP, PRIO_USER (sys/resource.h). */
    private static List<UnixProcess> prioritized(UnixThread thread, UserContext context) throws ErrnoException {
        int who = (int) context.argument(1);
        ProcessTable table = thread.kernel().table();
        List<UnixProcess> found = switch ((int) context.argument(0)) {
            case 0 -> {
                UnixThread one = who == 0 ? thread : table.thread(who);
                yield one == null ? List.of() : List.of(one.process());
            }
            case 1 -> table.group(who == 0 ? thread.process().family().group() : who);
            case 2 -> who == 0 || who == thread.kernel().user() ? table.all() : List.of();
            default -> throw Errno.EINVAL.exception();
        };
        if (found.isEmpty()) {
            throw Errno.ESRCH.exception();
        }
        return found;
    }

    /** The least of the values, as it is and not as other machines answer it: OSF/1 had it so. */
    private static long getPriority(UnixThread thread, UserContext context) throws ErrnoException {
        return prioritized(thread, context).stream().mapToInt(process -> process.limits().nice()).min().orElse(0);
    }

    private static long setPriority(UnixThread thread, UserContext context) throws ErrnoException {
        int nice = Math.clamp((int) context.argument(2), -20, 19);
        for (UnixProcess process : prioritized(thread, context)) {
            if (nice < process.limits().nice() && thread.kernel().user() != 0) {
                throw Errno.EACCES.exception();
            }
            process.limits().setNice(nice);
        }
        return 0;
    }

    private static void check(UnixThread thread, UserContext context) throws ErrnoException {
        int id = (int) context.argument(0);
        if (id < 0) {
            throw Errno.EINVAL.exception();
        }
        if (id != 0 && thread.kernel().table().thread(id) == null) {
            throw Errno.ESRCH.exception();
        }
    }

    private static boolean realTime(UserContext context) throws ErrnoException {
        return switch ((int) context.argument(0)) {
            case FIFO, ROUND_ROBIN -> true;
            case NORMAL, BATCH, IDLE -> false;
            default -> throw Errno.EINVAL.exception();
        };
    }

    private static long parameter(UnixThread thread, UserContext context, int argument) throws ErrnoException {
        check(thread, context);
        if (thread.memory().readInt(context.argument(argument)) != 0) {
            throw Errno.EINVAL.exception();
        }
        return 0;
    }

    private static long setScheduler(UnixThread thread, UserContext context) throws ErrnoException {
        if (context.argument(1) == FIFO || context.argument(1) == ROUND_ROBIN) {
            throw Errno.EPERM.exception();
        }
        if (context.argument(1) != NORMAL && context.argument(1) != BATCH && context.argument(1) != IDLE) {
            throw Errno.EINVAL.exception();
        }
        return parameter(thread, context, 2);
    }

    private static long getParameter(UnixThread thread, UserContext context) throws ErrnoException {
        check(thread, context);
        thread.memory().writeInt(context.argument(1), 0);
        return 0;
    }

    private static UnixProcess process(UnixThread thread, UserContext context) {
        int id = (int) context.argument(0);
        return id == 0 ? thread.process() : thread.kernel().table().thread(id).process();
    }

    /** As {@code struct sched_attr}; a program that knows the first version only gets that. */
    private static long getAttributes(UnixThread thread, UserContext context) throws ErrnoException {
        long size = context.argument(2) & 0xFFFFFFFFL;
        if (context.argument(1) == 0 || size < ATTRIBUTES_1 || size > 8192 || context.argument(3) != 0) {
            throw Errno.EINVAL.exception();
        }
        check(thread, context);
        int given = (int) Math.min(size, ATTRIBUTES);
        ByteBuffer to = UserMemory.struct(given).putInt(0, given).putInt(16, process(thread, context).limits().nice());
        thread.memory().write(context.argument(1), to);
        return 0;
    }

    private static long setAttributes(UnixThread thread, UserContext context) throws ErrnoException {
        if (context.argument(1) == 0 || context.argument(2) != 0) {
            throw Errno.EINVAL.exception();
        }
        int size = thread.memory().readInt(context.argument(1));
        if (size != 0 && (size < ATTRIBUTES_1 || size > 8192)) {
            thread.memory().writeInt(context.argument(1), ATTRIBUTES);
            throw Errno.E2BIG.exception();
        }
        ByteBuffer wanted = thread.memory().read(context.argument(1), ATTRIBUTES_1);
        int policy = wanted.getInt(4);
        check(thread, context);
        if (policy != NORMAL && policy != BATCH && policy != IDLE && policy != FIFO && policy != ROUND_ROBIN
                || (policy == FIFO || policy == ROUND_ROBIN) != (wanted.getInt(20) != 0)) {
            throw Errno.EINVAL.exception();
        }
        ResourceLimits limits = process(thread, context).limits();
        int nice = Math.clamp(wanted.getInt(16), -20, 19);
        if (policy == FIFO || policy == ROUND_ROBIN || nice < limits.nice() && thread.kernel().user() != 0) {
            throw Errno.EPERM.exception();
        }
        limits.setNice(nice);
        return 0;
    }

    private static long getAffinity(UnixThread thread, UserContext context) throws ErrnoException {
        check(thread, context);
        int processors = thread.kernel().machine().processors();
        int size = (processors + 63) / 64 * 8;
        if (context.argument(1) < size || (context.argument(1) & 7) != 0) {
            throw Errno.EINVAL.exception();
        }
        ByteBuffer set = UserMemory.struct(size);
        for (int i = 0; i < processors; i++) {
            set.put(i / 8, (byte) (set.get(i / 8) | 1 << i % 8));
        }
        thread.memory().write(context.argument(2), set);
        return size;
    }

    private static long setAffinity(UnixThread thread, UserContext context) throws ErrnoException {
        check(thread, context);
        ByteBuffer set = thread.memory().read(context.argument(2), Math.clamp(context.argument(1), 0, 128));
        for (int i = 0; i < Math.min(thread.kernel().machine().processors(), 8 * set.capacity()); i++) {
            if ((set.get(i / 8) & 1 << i % 8) != 0) {
                return 0;
            }
        }
        throw Errno.EINVAL.exception();
    }
}
