package bundles.unix.provider.call;

import static bundles.unix.provider.call.Call.full;
import static bundles.unix.provider.call.Call.partly;
import static bundles.unix.provider.call.Call.raw;

import bundles.unix.provider.abi.Errno;
import bundles.unix.provider.abi.ErrnoException;
import bundles.unix.provider.abi.UserMemory;
import bundles.unix.provider.process.Family;
import bundles.unix.provider.process.UnixProcess;
import bundles.unix.provider.process.UnixThread;
import java.nio.ByteBuffer;
import java.util.List;
import kernel.core.machine.UserContext;

/** System calls about who a process is: getpid(2), getuid(2), setpgid(2), setsid(2) (credentials(7)). */
final class IdentityCalls {

    /** Where Linux/Alpha answers the second value of getxpid and its like: register a4. */
    private static final int SECOND = 20;
    /** Versions of the header of capget(2), and the capabilities of the second word, up to CAP_CHECKPOINT_RESTORE. */
    private static final int CAPABILITIES_1 = 0x19980330, CAPABILITIES_2 = 0x20071026, CAPABILITIES_3 = 0x20080522,
            LAST_CAPABILITIES = 0x1FF;
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
                }), partly(325, "setfsuid", "d", FIXED, (t, c) -> t.kernel().user()),
                partly(326, "setfsgid", "d", FIXED, (t, c) -> t.kernel().group()),
                full(368, "capget", "xx", IdentityCalls::capabilities),
                partly(369, "capset", "xx", "what is given up is kept", IdentityCalls::setCapabilities),
                full(63, "getpgrp", "", (t, c) -> t.process().family().group()),
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

    /** Words of each set of capabilities, by the version in the header (capget(2)). */
    private static int words(UnixThread thread, UserContext context, boolean own) throws ErrnoException {
        ByteBuffer header = thread.memory().read(context.argument(0), 8);
        int version = header.getInt();
        if (version != CAPABILITIES_1 && version != CAPABILITIES_2 && version != CAPABILITIES_3) {
            thread.memory().writeInt(context.argument(0), CAPABILITIES_3);
            if (!own && context.argument(1) == 0) {
                return 0;
            }
            throw Errno.EINVAL.exception();
        }
        int id = header.getInt();
        if (own && id != 0 && id != thread.id()) {
            throw Errno.EPERM.exception();
        }
        if (id < 0) {
            throw Errno.EINVAL.exception();
        }
        if (id != 0 && thread.kernel().table().thread(id) == null) {
            throw Errno.ESRCH.exception();
        }
        return version == CAPABILITIES_1 ? 1 : 2;
    }

    /** Which capabilities there are, of either word: all of a superuser, none of others. */
    private static int capabilities(UnixThread thread, int word) {
        return thread.kernel().user() != 0 ? 0 : word == 0 ? -1 : LAST_CAPABILITIES;
    }

    /** Those in force and those permitted; none is inherited. */
    private static long capabilities(UnixThread thread, UserContext context) throws ErrnoException {
        int words = words(thread, context, false);
        ByteBuffer sets = UserMemory.struct(12 * words);
        for (int i = 0; i < words; i++) {
            sets.putInt(capabilities(thread, i)).putInt(capabilities(thread, i)).putInt(0);
        }
        if (context.argument(1) != 0) {
            thread.memory().write(context.argument(1), sets);
        }
        return 0;
    }

    private static long setCapabilities(UnixThread thread, UserContext context) throws ErrnoException {
        int words = words(thread, context, true);
        ByteBuffer sets = thread.memory().read(context.argument(1), 12 * words);
        for (int i = 0; i < words; i++) {
            int known = i == 0 ? -1 : LAST_CAPABILITIES;
            int effective = sets.getInt() & known;
            int permitted = sets.getInt() & known;
            sets.getInt(); // what is inherited stays nothing
            if ((permitted & ~capabilities(thread, i)) != 0 || (effective & ~permitted) != 0) {
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
