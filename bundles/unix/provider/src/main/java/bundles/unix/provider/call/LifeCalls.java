package bundles.unix.provider.call;

import static bundles.unix.provider.call.Call.full;
import static bundles.unix.provider.call.Call.partly;
import static bundles.unix.provider.call.Call.raw;

import bundles.unix.api.PathLookup.Purpose;
import bundles.unix.provider.abi.Errno;
import bundles.unix.provider.abi.ErrnoException;
import bundles.unix.provider.abi.OpenFlags;
import bundles.unix.provider.abi.UserMemory;
import bundles.unix.provider.elf.Layout;
import bundles.unix.provider.file.FileStatus;
import bundles.unix.provider.file.HostFiles;
import bundles.unix.provider.process.ChildStatus;
import bundles.unix.provider.process.Cloner;
import bundles.unix.provider.process.Exec;
import bundles.unix.provider.process.Family;
import bundles.unix.provider.process.UnixThread;
import bundles.unix.provider.signal.Signal;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import kernel.core.machine.UserContext;

/** System calls by which processes and threads begin and end: fork(2), clone(2), execve(2), exit(2), wait4(2), waitid(2). */
final class LifeCalls {

    /** Where Linux/Alpha answers the second value of fork and its like: register a4. */
    private static final int SECOND = 20;
    private static final int RUSAGE = 144, SIGINFO = 128;
    private static final long SECOND_LENGTH = 1_000_000_000L;
    private static final int WAIT4_OPTIONS = Family.WNOHANG | Family.WSTOPPED | Family.WCONTINUED | Family.WCLONE
            | Family.WALL | Family.WNOTHREAD;
    private static final int WAITID_OPTIONS = WAIT4_OPTIONS | Family.WEXITED | Family.WNOWAIT;

    /** CLONE_FS, CLONE_FILES, CLONE_SYSVSEM and the like, which one thread alone shares with nobody; namespaces. */
    private static final long OWN = 0x200 | 0x400 | 0x40000 | 0x100 | 0x800 | 0x10000,
            SPACES = 0x20000 | 0x02000000 | 0x04000000 | 0x08000000 | 0x10000000 | 0x20000000 | 0x40000000 | 0x80;

    private LifeCalls() {}

    static List<Call> calls() {
        return List.of(raw(1, "exit", "d", (t, c) -> t.exit((int) c.argument(0))),
                raw(405, "exit_group", "d", (t, c) -> t.exitGroup((int) c.argument(0))),
                raw(2, "fork", "", (t, c) -> clone(t, c, new Cloner.Request(Signal.SIGCHLD, 0, 0, 0, 0))),
                raw(66, "vfork", "", (t, c) -> clone(t, c,
                        new Cloner.Request(Cloner.CLONE_VM | Cloner.CLONE_VFORK | Signal.SIGCHLD, 0, 0, 0, 0))),
                new Call(312, "clone", "xxxxx", Call.Support.PARTLY, "no new namespaces, CLONE_PARENT or CLONE_PIDFD;"
                        + " CLONE_SIGHAND only with CLONE_THREAD", LifeCalls::clone),
                raw(59, "execve", "sxx", LifeCalls::execve), raw(513, "execveat", "fsxxx", LifeCalls::execveat),
                partly(365, "wait4", "dxxx", "all time is user time",
                        (t, c) -> wait4(t, c, LifeCalls::put)),
                partly(438, "waitid", "ddxxx", "all time is user time", LifeCalls::waitid),
                partly(465, "unshare", "x", "no new namespaces; threads go on sharing", LifeCalls::unshare),
                full(411, "set_tid_address", "x", (t, c) -> {
                    t.setClearAtEnd(c.argument(0));
                    return t.id();
                }), full(466, "set_robust_list", "xd", (t, c) -> {
                    if (c.argument(1) != 24) {
                        throw Errno.EINVAL.exception();
                    }
                    t.setRobustList(c.argument(0));
                    return 0;
                }), full(467, "get_robust_list", "dxx", LifeCalls::getRobustList));
    }

    private static void clone(UnixThread thread, UserContext context) throws ErrnoException, IOException {
        clone(thread, context, new Cloner.Request(context.argument(0), context.argument(1), context.argument(2),
                context.argument(3), context.argument(4)));
    }

    private static void clone(UnixThread thread, UserContext context, Cloner.Request request)
            throws ErrnoException, IOException {
        int id = Cloner.clone(thread, context, request);
        context.succeed(id);
        context.setRegister(SECOND, 0);
    }

    private static void execve(UnixThread thread, UserContext context) throws ErrnoException {
        String path = thread.memory().readPath(context.argument(0));
        if (path.isEmpty()) {
            throw Errno.ENOENT.exception();
        }
        exec(thread, context, Paths.execPath(thread, path), 1);
    }

    /** @param vectors which of the call's arguments has the program's; the environment comes next */
    private static void exec(UnixThread thread, UserContext context, String path, int vectors) throws ErrnoException {
        int[] left = {(int) (Layout.STACK_SIZE / 4)};
        List<byte[]> arguments = strings(thread, context.argument(vectors), left);
        List<byte[]> environment = strings(thread, context.argument(vectors + 1), left);
        if (arguments.isEmpty()) {
            // As Linux since 5.18: there is always a name.
            arguments.add("".getBytes(StandardCharsets.US_ASCII));
        }
        Exec.exec(thread, context, path, arguments, environment);
    }

    private static void execveat(UnixThread thread, UserContext context) throws ErrnoException, IOException {
        long flags = context.argument(4);
        if ((flags & ~(long) (OpenFlags.AT_EMPTY_PATH | OpenFlags.AT_SYMLINK_NOFOLLOW)) != 0) {
            throw Errno.EINVAL.exception();
        }
        boolean follow = (flags & OpenFlags.AT_SYMLINK_NOFOLLOW) == 0;
        String name = thread.memory().readPath(context.argument(1));
        Path path = Paths.isExecutableLink(thread, name)
                ? thread.process().executable()
                : Paths.pathOrFile(thread, context.argument(0), context.argument(1), flags, Purpose.LOOK);
        if (!follow && HostFiles.status(path, false).is(FileStatus.S_IFLNK)) {
            throw Errno.ELOOP.exception();
        }
        exec(thread, context, path.toString(), 2);
    }

    /** The strings of a vector that ends with a null pointer; they may have as many bytes together as are left. */
    private static List<byte[]> strings(UnixThread thread, long vector, int[] left) throws ErrnoException {
        List<byte[]> strings = new ArrayList<>();
        if (vector == 0) {
            return strings;
        }
        long pointer;
        while ((pointer = thread.memory().readLong(vector + 8L * strings.size())) != 0) {
            byte[] string = thread.memory().readString(pointer, left[0]);
            left[0] -= string.length + 1 + 8;
            if (left[0] < 0) {
                throw Errno.E2BIG.exception();
            }
            strings.add(string);
        }
        return strings;
    }

    /** Puts a {@code struct rusage} where a program wants it. */
    @FunctionalInterface
    interface UsageWriter {
        /** Puts it. */
        void put(UnixThread thread, long address, ByteBuffer usage) throws ErrnoException;
    }

    /** wait4(2). @param usage writes what the child has used */
    static long wait4(UnixThread thread, UserContext context, UsageWriter usage) throws ErrnoException, IOException {
        int id = (int) context.argument(0);
        int options = (int) context.argument(2);
        if ((options & ~WAIT4_OPTIONS) != 0) {
            throw Errno.EINVAL.exception();
        }
        if (id == Integer.MIN_VALUE) {
            throw Errno.ESRCH.exception();
        }
        Family family = thread.process().family();
        int which = id == -1 ? Family.P_ALL : id > 0 ? Family.P_PID : Family.P_PGID;
        ChildStatus status = family.await(thread, which, id > 0 ? id : id == 0 ? family.group() : -id,
                options | Family.WEXITED);
        if (status.process() != 0) {
            if (context.argument(1) != 0) {
                thread.memory().writeInt(context.argument(1), status.word());
            }
            putUsage(thread, context.argument(3), status, usage);
        }
        return status.process();
    }

    private static void put(UnixThread thread, long address, ByteBuffer usage) throws ErrnoException {
        thread.memory().write(address, usage);
    }

    private static void putUsage(UnixThread thread, long address, ChildStatus status, UsageWriter writer)
            throws ErrnoException {
        if (address != 0) {
            long time = status.processorTime();
            writer.put(thread, address,
                    UserMemory.struct(RUSAGE).putLong(time / SECOND_LENGTH).putLong(time % SECOND_LENGTH / 1000));
        }
    }

    private static long waitid(UnixThread thread, UserContext context) throws ErrnoException, IOException {
        int which = (int) context.argument(0);
        int id = (int) context.argument(1);
        int options = (int) context.argument(3);
        boolean impatient = false;
        if (which == Family.P_PIDFD) {
            which = Family.P_PID;
            id = ProcessFileCalls.process(thread, context.argument(1)).id();
            impatient = (options & Family.WNOHANG) == 0
                    && (thread.file(context.argument(1)).flags() & OpenFlags.O_NONBLOCK) != 0;
        }
        if ((options & ~WAITID_OPTIONS) != 0
                || (options & (Family.WEXITED | Family.WSTOPPED | Family.WCONTINUED)) == 0
                || which < Family.P_ALL || which > Family.P_PGID || which == Family.P_PID && id <= 0
                || which == Family.P_PGID && id < 0) {
            throw Errno.EINVAL.exception();
        }
        Family family = thread.process().family();
        ChildStatus status = family.await(thread, which, which == Family.P_PGID && id == 0 ? family.group() : id,
                impatient ? options | Family.WNOHANG : options);
        if (impatient && status.process() == 0) {
            throw Errno.EAGAIN.exception();
        }
        if (context.argument(2) != 0) {
            ByteBuffer info = UserMemory.struct(SIGINFO);
            if (status.process() != 0) {
                info.putInt(Signal.SIGCHLD).putInt(0).putInt(status.code()).putInt(0).putInt(status.process())
                        .putInt(status.user()).putInt(status.status());
            }
            thread.memory().write(context.argument(2), info);
        }
        if (status.process() != 0) {
            putUsage(thread, context.argument(4), status, LifeCalls::put);
        }
        return 0;
    }

    private static long getRobustList(UnixThread thread, UserContext context) throws ErrnoException {
        int id = (int) context.argument(0);
        UnixThread of = id == 0 ? thread : thread.kernel().table().thread(id);
        if (of == null) {
            throw Errno.ESRCH.exception();
        }
        thread.memory().writeLong(context.argument(1), of.robustList());
        thread.memory().writeLong(context.argument(2), 24);
        return 0;
    }

    private static long unshare(UnixThread thread, UserContext context) throws ErrnoException {
        long flags = context.argument(0);
        if ((flags & ~(OWN | SPACES)) != 0 || (flags & OWN) != 0 && thread.process().threads() > 1) {
            throw Errno.EINVAL.exception();
        }
        if ((flags & SPACES) != 0) {
            throw Errno.EPERM.exception();
        }
        return 0;
    }
}
