package bundles.unix.provider.call;

import static bundles.unix.provider.call.Call.full;
import static bundles.unix.provider.call.Call.partly;
import static bundles.unix.provider.call.Call.raw;

import bundles.unix.provider.abi.Errno;
import bundles.unix.provider.abi.ErrnoException;
import bundles.unix.provider.abi.UserMemory;
import bundles.unix.provider.process.ResourceLimits;
import bundles.unix.provider.process.UnixProcess;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import kernel.core.machine.UserContext;

/** System calls about the process: exit(2), getpid(2), getuid(2), getrlimit(2), sched_yield(2), futex(2), prctl(2). */
final class ProcessCalls {

    /** Where Linux/Alpha answers the second value of getxpid and its like: register a4. */
    private static final int SECOND = 20;
    private static final int FUTEX_WAIT = 0, FUTEX_WAKE = 1, FUTEX_WAIT_BITSET = 9, FUTEX_WAKE_BITSET = 10,
            FUTEX_COMMAND = 0x7F, FUTEX_CLOCK_REALTIME = 0x100;

    private ProcessCalls() {}

    static List<Call> calls() {
        return List.of(raw(1, "exit", "d", (p, c) -> p.exit((int) c.argument(0))),
                raw(405, "exit_group", "d", (p, c) -> p.exit((int) c.argument(0))),
                raw(20, "getxpid", "", (p, c) -> both(c, p.id(), 0)),
                raw(24, "getxuid", "", (p, c) -> both(c, p.kernel().user(), p.kernel().user())),
                raw(47, "getxgid", "", (p, c) -> both(c, p.kernel().group(), p.kernel().group())),
                full(378, "gettid", "", (p, c) -> p.id()), full(532, "getppid", "", (p, c) -> 0),
                full(530, "getegid", "", (p, c) -> p.kernel().group()),
                full(531, "geteuid", "", (p, c) -> p.kernel().user()),
                full(344, "getresuid", "xxx", (p, c) -> three(p, c, p.kernel().user())),
                full(372, "getresgid", "xxx", (p, c) -> three(p, c, p.kernel().group())),
                full(79, "getgroups", "dx", (p, c) -> 0),
                partly(63, "getpgrp", "", "each process is a group of its own", (p, c) -> p.id()),
                partly(233, "getpgid", "d", "each process is a group of its own",
                        (p, c) -> c.argument(0) == 0 ? p.id() : c.argument(0)),
                partly(39, "setpgid", "dd", "each process is a group of its own", (p, c) -> 0),
                partly(234, "getsid", "d", "each process is a session of its own", (p, c) -> p.id()),
                full(411, "set_tid_address", "x", (p, c) -> p.id()), full(466, "set_robust_list", "xd", (p, c) -> 0),
                full(144, "getrlimit", "dx", (p, c) -> getLimit(p, c.argument(0), c.argument(1))),
                partly(145, "setrlimit", "dx", "only the number of open files is enforced",
                        (p, c) -> setLimit(p, c.argument(0), c.argument(1))),
                partly(496, "prlimit64", "ddxx", "own process only; only the number of open files is enforced",
                        ProcessCalls::prlimit),
                full(334, "sched_yield", "", (p, c) -> {
                    Thread.yield();
                    return 0;
                }), full(396, "sched_getaffinity", "ddx", ProcessCalls::affinity),
                partly(100, "getpriority", "dd", "always 0", (p, c) -> 20),
                partly(96, "setpriority", "ddd", "has no effect", (p, c) -> 0),
                partly(394, "futex", "xdxxxx", "waiting and waking only; nobody else could wake", ProcessCalls::futex),
                partly(348, "prctl", "dxxxx", "the name only", ProcessCalls::prctl),
                partly(365, "wait4", "dxxx", "there are no children", (p, c) -> {
                    throw Errno.ECHILD.exception();
                }), partly(438, "waitid", "ddxxx", "there are no children", (p, c) -> {
                    throw Errno.ECHILD.exception();
                }));
    }

    private static void both(UserContext context, long first, long second) {
        context.succeed(first);
        context.setRegister(SECOND, second);
    }

    private static long three(UnixProcess process, UserContext context, int id) throws ErrnoException {
        for (int i = 0; i < 3; i++) {
            process.memory().writeInt(context.argument(i), id);
        }
        return 0;
    }

    private static int resource(long number) throws ErrnoException {
        if (number < 0 || number >= ResourceLimits.COUNT) {
            throw Errno.EINVAL.exception();
        }
        return (int) number;
    }

    private static long getLimit(UnixProcess process, long number, long to) throws ErrnoException {
        int resource = resource(number);
        ResourceLimits limits = process.limits();
        process.memory().write(to, UserMemory.struct(16).putLong(limits.soft(resource)).putLong(limits.hard(resource)));
        return 0;
    }

    private static long setLimit(UnixProcess process, long number, long from) throws ErrnoException {
        ByteBuffer limit = process.memory().read(from, 16);
        process.limits().set(resource(number), limit.getLong(), limit.getLong());
        return 0;
    }

    private static long prlimit(UnixProcess process, UserContext context) throws ErrnoException {
        if (context.argument(0) != 0 && context.argument(0) != process.id()) {
            throw Errno.ESRCH.exception();
        }
        // Both may be the same place: the new limit is read before the old one is written.
        ByteBuffer limit = context.argument(2) == 0 ? null : process.memory().read(context.argument(2), 16);
        int resource = resource(context.argument(1));
        if (context.argument(3) != 0) {
            getLimit(process, resource, context.argument(3));
        }
        if (limit != null) {
            // RLIM64_INFINITY is all ones, RLIM_INFINITY of the Alpha is not.
            process.limits().set(resource, limit.getLong() & Long.MAX_VALUE, limit.getLong() & Long.MAX_VALUE);
        }
        return 0;
    }

    private static long affinity(UnixProcess process, UserContext context) throws ErrnoException {
        int processors = process.kernel().machine().processors();
        int size = (processors + 63) / 64 * 8;
        if (context.argument(1) < size || (context.argument(1) & 7) != 0) {
            throw Errno.EINVAL.exception();
        }
        ByteBuffer set = UserMemory.struct(size);
        for (int i = 0; i < processors; i++) {
            set.put(i / 8, (byte) (set.get(i / 8) | 1 << i % 8));
        }
        process.memory().write(context.argument(2), set);
        return size;
    }

    /** Without threads nobody else can change the word or wake who waits: a wait ends by its time or a signal. */
    private static long futex(UnixProcess process, UserContext context) throws ErrnoException, IOException {
        int operation = (int) context.argument(1);
        long address = context.argument(0);
        if ((address & 3) != 0) {
            throw Errno.EINVAL.exception();
        }
        switch (operation & FUTEX_COMMAND) {
            case FUTEX_WAKE, FUTEX_WAKE_BITSET -> {
                process.memory().readInt(address);
                return 0;
            }
            case FUTEX_WAIT, FUTEX_WAIT_BITSET -> {
                if (process.memory().readInt(address) != (int) context.argument(2)) {
                    throw Errno.EAGAIN.exception();
                }
                TimeCalls.pause(process, futexTimeout(process, context, operation));
                throw Errno.ETIMEDOUT.exception();
            }
            default -> throw Errno.ENOSYS.exception();
        }
    }

    private static long futexTimeout(UnixProcess process, UserContext context, int operation) throws ErrnoException {
        if (context.argument(3) == 0) {
            return Long.MAX_VALUE;
        }
        long time = TimeCalls.duration(process.memory().read(context.argument(3), 16));
        if ((operation & FUTEX_COMMAND) == FUTEX_WAIT) {
            return time;
        }
        long now = (operation & FUTEX_CLOCK_REALTIME) != 0
                ? process.kernel().clock().realTime()
                : process.kernel().clock().monotonicTime();
        return Math.max(0, time - now);
    }

    private static long prctl(UnixProcess process, UserContext context) throws ErrnoException {
        int setName = 15;
        int getName = 16;
        if (context.argument(0) == setName) {
            return 0;
        }
        if (context.argument(0) != getName) {
            throw Errno.EINVAL.exception();
        }
        byte[] name = process.executable().getFileName().toString()
                .getBytes(java.nio.charset.StandardCharsets.UTF_8);
        process.memory().write(context.argument(1), java.util.Arrays.copyOf(java.util.Arrays.copyOf(name, 15), 16), 0,
                16);
        return 0;
    }
}
