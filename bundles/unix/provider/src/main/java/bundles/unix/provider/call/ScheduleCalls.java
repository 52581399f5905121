package bundles.unix.provider.call;

import static bundles.unix.provider.call.Call.full;
import static bundles.unix.provider.call.Call.partly;

import bundles.unix.provider.abi.Errno;
import bundles.unix.provider.abi.ErrnoException;
import bundles.unix.provider.abi.UserMemory;
import bundles.unix.provider.process.ProcessTable;
import bundles.unix.provider.process.ResourceLimits;
import bundles.unix.provider.process.Scheduling;
import bundles.unix.provider.process.UnixProcess;
import bundles.unix.provider.process.UnixThread;
import java.nio.ByteBuffer;
import java.util.List;
import kernel.core.machine.UserContext;
import kernel.core.strand.AdmissionException;

/** System calls about scheduling: sched_yield(2), sched_setaffinity(2), sched_setscheduler(2), getpriority(2). */
final class ScheduleCalls {

    /** Or it to the policy: children do not have it (sched.h); as a flag of {@code struct sched_attr} it is 1. */
    private static final int RESET = 0x4000_0000, RESET_FLAG = 1;
    /** What stays as it is (linux/sched.h, SCHED_FLAG_KEEP_POLICY and SCHED_FLAG_KEEP_PARAMS). */
    private static final long KEEP_POLICY = 8, KEEP_PARAMETERS = 16;

    private static final String FIRST = "SCHED_FIFO takes turns with its equals, as SCHED_RR does";

    /** Bytes of {@code struct sched_attr} in its first version, and now (linux/sched/types.h). */
    private static final int ATTRIBUTES_1 = 48, ATTRIBUTES = 56;

    private ScheduleCalls() {}

    static List<Call> calls() {
        return List.of(full(334, "sched_yield", "", (t, c) -> {
            Thread.yield();
            return 0;
        }), full(396, "sched_getaffinity", "ddx", ScheduleCalls::getAffinity),
                partly(395, "sched_setaffinity", "ddx", "has no effect", ScheduleCalls::setAffinity),
                full(330, "sched_setparam", "dx", (t, c) -> {
                    Scheduling now = thread(t, c).scheduling();
                    return schedule(t, c, simple(now.policy(), now.reset(), parameter(t, c, 1)));
                }), full(331, "sched_getparam", "dx", ScheduleCalls::getParameter),
                partly(332, "sched_setscheduler", "ddx", FIRST, ScheduleCalls::setScheduler),
                full(333, "sched_getscheduler", "d", (t, c) -> {
                    Scheduling now = thread(t, c).scheduling();
                    return now.policy() | (now.reset() ? RESET : 0);
                }), full(335, "sched_get_priority_max", "d", (t, c) -> realTime(c) ? 99 : 0),
                full(336, "sched_get_priority_min", "d", (t, c) -> realTime(c) ? 1 : 0),
                partly(337, "sched_rr_get_interval", "dx", "the host's scheduler is not asked", (t, c) -> {
                    check(t, c);
                    t.memory().write(c.argument(1), UserMemory.struct(16).putLong(0).putLong(4_000_000));
                    return 0;
                }), full(509, "sched_getattr", "dxdx", ScheduleCalls::getAttributes),
                partly(508, "sched_setattr", "dxx", FIRST + "; deadlines are kept by the scheduler edf only",
                        ScheduleCalls::setAttributes),
                full(100, "getpriority", "dd", ScheduleCalls::getPriority),
                full(96, "setpriority", "ddd", ScheduleCalls::setPriority));
    }

    /** PRIO_PROCESS, PRIO_PGRP, PRIO_USER (sys/resource.h). */
    private static List<UnixThread> prioritized(UnixThread thread, UserContext context) throws ErrnoException {
        int who = (int) context.argument(1);
        ProcessTable table = thread.kernel().table();
        List<UnixThread> found = switch ((int) context.argument(0)) {
            case 0 -> {
                UnixThread one = who == 0 ? thread : table.thread(who);
                yield one == null ? List.of() : List.of(one);
            }
            case 1 -> threads(table.group(who == 0 ? thread.process().family().group() : who));
            case 2 -> who == 0 || who == thread.kernel().user() ? threads(table.all()) : List.of();
            default -> throw Errno.EINVAL.exception();
        };
        if (found.isEmpty()) {
            throw Errno.ESRCH.exception();
        }
        return found;
    }

    private static List<UnixThread> threads(List<UnixProcess> processes) {
        return processes.stream().flatMap(process -> process.list().stream()).toList();
    }

    /** The least of the values, as it is and not as other machines answer it: OSF/1 had it so. */
    private static long getPriority(UnixThread thread, UserContext context) throws ErrnoException {
        return prioritized(thread, context).stream().mapToInt(UnixThread::nice).min().orElse(0);
    }

    private static long setPriority(UnixThread thread, UserContext context) throws ErrnoException {
        int nice = Math.clamp((int) context.argument(2), -20, 19);
        boolean all = true;
        for (UnixThread one : prioritized(thread, context)) {
            if (mayBe(one, nice)) {
                one.setNice(nice);
            } else {
                all = false;
            }
        }
        if (!all) {
            throw Errno.EACCES.exception();
        }
        return 0;
    }

    /** Whoever may not raise the limit may be as nice as that says: 20 less it (getrlimit(2)). */
    private static boolean mayBe(UnixThread one, int nice) {
        return nice >= one.nice() || one.kernel().user() == 0
                || Long.compareUnsigned(20 - nice, one.limits().soft(ResourceLimits.NICE)) <= 0;
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
            case Scheduling.FIFO, Scheduling.ROUND_ROBIN -> true;
            case Scheduling.NORMAL, Scheduling.BATCH, Scheduling.IDLE, Scheduling.DEADLINE -> false;
            default -> throw Errno.EINVAL.exception();
        };
    }

    private static int parameter(UnixThread thread, UserContext context, int argument) throws ErrnoException {
        if (context.argument(argument) == 0) {
            throw Errno.EINVAL.exception();
        }
        return thread.memory().readInt(context.argument(argument));
    }

    private static Scheduling simple(int policy, boolean reset, int priority) {
        return new Scheduling(policy, priority, 0, 0, 0, reset);
    }

    private static long setScheduler(UnixThread thread, UserContext context) throws ErrnoException {
        int policy = (int) context.argument(1);
        if (policy < 0) {
            throw Errno.EINVAL.exception();
        }
        int priority = parameter(thread, context, 2);
        return schedule(thread, context, simple(policy & ~RESET, (policy & RESET) != 0, priority));
    }

    /** Lets the thread that the first argument names be scheduled so. */
    private static long schedule(UnixThread thread, UserContext context, Scheduling wanted) throws ErrnoException {
        UnixThread one = thread(thread, context);
        if (!wanted.valid()) {
            throw Errno.EINVAL.exception();
        }
        if (Scheduling.realTime(wanted.policy()) && thread.kernel().user() != 0
                && Long.compareUnsigned(wanted.priority(), one.process().limits().soft(ResourceLimits.REAL_TIME)) > 0) {
            throw Errno.EPERM.exception();
        }
        try {
            one.schedule(wanted);
        } catch (AdmissionException e) {
            throw Errno.EBUSY.exception();
        }
        thread.kernel().priorityFutexes().settle();
        return 0;
    }

    private static long getParameter(UnixThread thread, UserContext context) throws ErrnoException {
        UnixThread one = thread(thread, context);
        if (context.argument(1) == 0) {
            throw Errno.EINVAL.exception();
        }
        thread.memory().writeInt(context.argument(1), one.scheduling().priority());
        return 0;
    }

    private static UnixThread thread(UnixThread thread, UserContext context) throws ErrnoException {
        check(thread, context);
        int id = (int) context.argument(0);
        return id == 0 ? thread : thread.kernel().table().thread(id);
    }

    /** As {@code struct sched_attr}; a program that knows the first version only gets that. */
    private static long getAttributes(UnixThread thread, UserContext context) throws ErrnoException {
        long size = context.argument(2) & 0xFFFFFFFFL;
        if (context.argument(1) == 0 || size < ATTRIBUTES_1 || size > 8192 || context.argument(3) != 0) {
            throw Errno.EINVAL.exception();
        }
        UnixThread one = thread(thread, context);
        Scheduling now = one.scheduling();
        int given = (int) Math.min(size, ATTRIBUTES);
        ByteBuffer to = UserMemory.struct(given).putInt(0, given).putInt(4, now.policy())
                .putLong(8, now.reset() ? RESET_FLAG : 0).putInt(16, one.nice())
                .putInt(20, now.priority()).putLong(24, now.runtime()).putLong(32, now.deadline())
                .putLong(40, now.policy() == Scheduling.DEADLINE && now.period() == 0 ? now.deadline() : now.period());
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
        UnixThread one = thread(thread, context);
        long flags = wanted.getLong(8);
        if ((flags & ~(RESET_FLAG | KEEP_POLICY | KEEP_PARAMETERS)) != 0) {
            throw Errno.EINVAL.exception();
        }
        Scheduling now = one.scheduling();
        Scheduling next = wanted(wanted, now);
        if ((flags & KEEP_PARAMETERS) != 0) {
            if (!next.valid()) {
                throw Errno.EINVAL.exception();
            }
            // Linux looks at the policy that was asked for, and keeps it with the rest (kernel/sched/syscalls.c).
            return schedule(thread, context, new Scheduling(now.policy(), now.priority(), now.runtime(),
                    now.deadline(), now.period(), next.reset()));
        }
        int nice = Math.clamp(wanted.getInt(16), -20, 19);
        boolean nicer = next.policy() == Scheduling.NORMAL || next.policy() == Scheduling.BATCH;
        if (nicer && next.valid() && !mayBe(one, nice)) {
            throw Errno.EPERM.exception();
        }
        schedule(thread, context, next);
        if (nicer) {
            one.setNice(nice);
        }
        return 0;
    }

    /** What {@code struct sched_attr} asks for. @param now what a flag may say is to stay */
    private static Scheduling wanted(ByteBuffer attributes, Scheduling now) {
        long flags = attributes.getLong(8);
        boolean samePolicy = (flags & KEEP_POLICY) != 0;
        int policy = samePolicy ? now.policy() : attributes.getInt(4);
        boolean reset = samePolicy ? now.reset() : (flags & RESET_FLAG) != 0;
        if ((flags & KEEP_PARAMETERS) != 0) {
            return new Scheduling(policy, now.priority(), now.runtime(), now.deadline(), now.period(), reset);
        }
        boolean deadline = policy == Scheduling.DEADLINE;
        return new Scheduling(policy, attributes.getInt(20), deadline ? attributes.getLong(24) : 0,
                deadline ? attributes.getLong(32) : 0, deadline ? attributes.getLong(40) : 0, reset);
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
