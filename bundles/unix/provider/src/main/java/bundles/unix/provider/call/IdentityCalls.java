package bundles.unix.provider.call;

import static bundles.unix.provider.call.Call.full;
import static bundles.unix.provider.call.Call.partly;
import static bundles.unix.provider.call.Call.raw;

import bundles.unix.provider.abi.Errno;
import bundles.unix.provider.abi.ErrnoException;
import bundles.unix.provider.process.Family;
import bundles.unix.provider.process.UnixProcess;
import bundles.unix.provider.process.UnixThread;
import java.util.List;
import kernel.core.machine.UserContext;

/** System calls about who a process is: getpid(2), getuid(2), setpgid(2), setsid(2) (credentials(7)). */
final class IdentityCalls {

    /** Where Linux/Alpha answers the second value of getxpid and its like: register a4. */
    private static final int SECOND = 20;
    private static final String FIXED = "only to the user and group that the machine runs for";

    private IdentityCalls() {}

    static List<Call> calls() {
        return List.of(raw(20, "getxpid", "", (t, c) -> both(c, t.process().id(), t.process().parent())),
                raw(24, "getxuid", "", (t, c) -> both(c, t.kernel().user(), t.kernel().user())),
                raw(47, "getxgid", "", (t, c) -> both(c, t.kernel().group(), t.kernel().group())),
                full(378, "gettid", "", (t, c) -> t.id()),
                full(532, "getppid", "", (t, c) -> t.process().parent()),
                full(530, "getegid", "", (t, c) -> t.kernel().group()),
                full(531, "geteuid", "", (t, c) -> t.kernel().user()),
                full(344, "getresuid", "xxx", (t, c) -> three(t, c, t.kernel().user())),
                full(372, "getresgid", "xxx", (t, c) -> three(t, c, t.kernel().group())),
                full(79, "getgroups", "dx", (t, c) -> 0),
                partly(23, "setuid", "d", FIXED, (t, c) -> same(c, 1, t.kernel().user())),
                partly(132, "setgid", "d", FIXED, (t, c) -> same(c, 1, t.kernel().group())),
                partly(126, "setreuid", "dd", FIXED, (t, c) -> same(c, 2, t.kernel().user())),
                partly(127, "setregid", "dd", FIXED, (t, c) -> same(c, 2, t.kernel().group())),
                partly(343, "setresuid", "ddd", FIXED, (t, c) -> same(c, 3, t.kernel().user())),
                partly(371, "setresgid", "ddd", FIXED, (t, c) -> same(c, 3, t.kernel().group())),
                partly(80, "setgroups", "dx", "no groups but none", (t, c) -> {
                    if (c.argument(0) != 0) {
                        throw Errno.EPERM.exception();
                    }
                    return 0;
                }), full(63, "getpgrp", "", (t, c) -> t.process().family().group()),
                full(233, "getpgid", "d", (t, c) -> family(t, c).group()),
                full(39, "setpgid", "dd", IdentityCalls::setGroup), full(82, "setpgrp", "dd", IdentityCalls::setGroup),
                full(234, "getsid", "d", (t, c) -> family(t, c).session()),
                full(147, "setsid", "", (t, c) -> t.process().family().newSession()));
    }

    private static void both(UserContext context, long first, long second) {
        context.succeed(first);
        context.setRegister(SECOND, second);
    }

    private static long three(UnixThread thread, UserContext context, int id) throws ErrnoException {
        for (int i = 0; i < 3; i++) {
            thread.memory().writeInt(context.argument(i), id);
        }
        return 0;
    }

    private static long same(UserContext context, int count, int id) throws ErrnoException {
        for (int i = 0; i < count; i++) {
            int wanted = (int) context.argument(i);
            if (wanted != id && (wanted != -1 || count == 1)) {
                throw Errno.EPERM.exception();
            }
        }
        return 0;
    }

    private static Family family(UnixThread thread, UserContext context) throws ErrnoException {
        int id = (int) context.argument(0);
        UnixProcess process = id == 0 ? thread.process() : thread.kernel().table().find(id);
        if (process == null) {
            throw Errno.ESRCH.exception();
        }
        return process.family();
    }

    private static long setGroup(UnixThread thread, UserContext context) throws ErrnoException {
        thread.process().family().setGroup((int) context.argument(0), (int) context.argument(1));
        return 0;
    }
}
