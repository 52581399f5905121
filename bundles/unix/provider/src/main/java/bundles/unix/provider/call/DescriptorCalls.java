package bundles.unix.provider.call;

import static bundles.unix.provider.call.Call.full;
import static bundles.unix.provider.call.Call.partly;

import bundles.unix.provider.abi.Errno;
import bundles.unix.provider.abi.ErrnoException;
import bundles.unix.provider.abi.OpenFlags;
import bundles.unix.provider.abi.UserMemory;
import bundles.unix.provider.file.FileStatus;
import bundles.unix.provider.file.OpenFile;
import bundles.unix.provider.file.Pipe;
import bundles.unix.provider.process.UnixThread;
import bundles.unix.provider.socket.Socket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import kernel.core.machine.UserContext;

/** System calls on open files: close(2), lseek(2), fstat(2), dup(2), fcntl(2), ioctl(2), pipe(2), ftruncate(2), fsync(2). */
final class DescriptorCalls {

    private static final int F_DUPFD = 0, F_GETFD = 1, F_SETFD = 2, F_GETFL = 3, F_SETFL = 4, F_DUPFD_CLOEXEC = 1030,
            F_SETPIPE_SZ = 1031, F_GETPIPE_SZ = 1032;
    /** Numbers of ioctl(2): asm/ioctls.h, with sizes and directions as asm/ioctl.h packs them. */
    private static final int FIOCLEX = 0x20006601, FIONCLEX = 0x20006602, FIONREAD = 0x4004667f, FIONBIO = 0x8004667e,
            TIOCOUTQ = 0x40047473;

    private static final long CLOSE_RANGE_UNSHARE = 2, CLOSE_RANGE_CLOEXEC = 4;

    private DescriptorCalls() {}

    static List<Call> calls() {
        return List.of(full(6, "close", "f", DescriptorCalls::close),
                full(19, "lseek", "fdd", (p, c) -> file(p, c).seek(c.argument(1), (int) c.argument(2))),
                full(41, "dup", "f", (p, c) -> duplicate(p, file(p, c), 0, false)),
                full(90, "dup2", "ff", (p, c) -> dup(p, c, false)),
                full(487, "dup3", "ffx", (p, c) -> dup(p, c, true)),
                Call.raw(42, "pipe", "", (p, c) -> {
                    int[] ends = pipe(p, 0);
                    c.succeed(ends[0]);
                    c.setRegister(20, ends[1]);
                }), full(488, "pipe2", "xx", DescriptorCalls::pipe2),
                partly(92, "fcntl", "fdx",
                        "no F_SETOWN, leases or pipes of other sizes; locks hold between this kernel's processes only",
                        DescriptorCalls::fcntl),
                partly(54, "ioctl", "fxx", "settings of the console are remembered, not applied",
                        DescriptorCalls::ioctl),
                full(91, "fstat", "fx", (p, c) -> status(p, c, false)),
                full(427, "fstat64", "fx", (p, c) -> status(p, c, true)),
                full(130, "ftruncate", "fd", (p, c) -> {
                    FileSizes.check(p, c.argument(1));
                    file(p, c).truncate(c.argument(1));
                    return 0;
                }), full(95, "fsync", "f", DescriptorCalls::force), full(447, "fdatasync", "f", DescriptorCalls::force),
                partly(480, "fallocate", "fxdd", "only the size is changed", DescriptorCalls::fallocate),
                full(500, "syncfs", "f", (p, c) -> {
                    file(p, c);
                    return 0;
                }), partly(469, "sync_file_range", "fddx", "all of the file is written", DescriptorCalls::forceRange),
                full(379, "readahead", "fdd", DescriptorCalls::readahead),
                full(413, "fadvise64", "fddd", DescriptorCalls::fadvise),
                full(546, "close_range", "ddx", DescriptorCalls::closeRange));
    }

    private static OpenFile file(UnixThread thread, UserContext context) throws ErrnoException {
        return thread.file(context.argument(0));
    }

    private static long close(UnixThread thread, UserContext context) throws ErrnoException, IOException {
        LockCalls.closing(thread, context.argument(0));
        thread.files().close(context.argument(0));
        return 0;
    }

    private static long closeRange(UnixThread thread, UserContext context) throws ErrnoException {
        long first = context.argument(0) & 0xFFFFFFFFL;
        long last = Math.min(context.argument(1) & 0xFFFFFFFFL, 65_536);
        long flags = context.argument(2);
        if ((flags & ~(CLOSE_RANGE_UNSHARE | CLOSE_RANGE_CLOEXEC)) != 0
                || first > (context.argument(1) & 0xFFFFFFFFL)) {
            throw Errno.EINVAL.exception();
        }
        for (long at = first; at <= last; at++) {
            try {
                if ((flags & CLOSE_RANGE_CLOEXEC) != 0) {
                    thread.files().setCloseOnExec(at, true);
                } else {
                    thread.files().close(at);
                }
            } catch (ErrnoException | IOException e) {
                // It was not open, or is closed all the same.
            }
        }
        return 0;
    }

    private static long duplicate(UnixThread thread, OpenFile file, long lowest, boolean closeOnExec)
            throws ErrnoException {
        if (lowest < 0 || lowest >= thread.limits().soft(6)) {
            throw Errno.EINVAL.exception();
        }
        int descriptor = thread.files().add(file, (int) lowest, closeOnExec);
        file.retain();
        return descriptor;
    }

    private static long dup(UnixThread thread, UserContext context, boolean third) throws ErrnoException {
        OpenFile file = file(thread, context);
        long to = context.argument(1);
        long flags = third ? context.argument(2) : 0;
        if ((flags & ~(long) OpenFlags.O_CLOEXEC) != 0 || third && to == context.argument(0)) {
            throw Errno.EINVAL.exception();
        }
        if (to != context.argument(0)) {
            LockCalls.closing(thread, to);
            thread.files().replace(to, file, flags != 0);
        }
        return to;
    }

    private static int[] pipe(UnixThread thread, int flags) throws ErrnoException, IOException {
        if ((flags & ~(OpenFlags.O_CLOEXEC | OpenFlags.O_NONBLOCK)) != 0) {
            throw Errno.EINVAL.exception();
        }
        var pipe = new Pipe();
        boolean closeOnExec = (flags & OpenFlags.O_CLOEXEC) != 0;
        int reader = thread.files().add(pipe.reader(flags & OpenFlags.O_NONBLOCK), closeOnExec);
        try {
            return new int[]{reader, thread.files().add(pipe.writer(flags & OpenFlags.O_NONBLOCK), closeOnExec)};
        } catch (ErrnoException e) {
            thread.files().close(reader);
            throw e;
        }
    }

    private static long pipe2(UnixThread thread, UserContext context) throws ErrnoException, IOException {
        int[] ends = pipe(thread, (int) context.argument(1));
        ByteBuffer pair = UserMemory.struct(8).putInt(ends[0]).putInt(ends[1]);
        thread.memory().write(context.argument(0), pair);
        return 0;
    }

    private static long fcntl(UnixThread thread, UserContext context) throws ErrnoException, IOException {
        long descriptor = context.argument(0);
        OpenFile file = thread.file(descriptor);
        long argument = context.argument(2);
        switch ((int) context.argument(1)) {
            case F_DUPFD -> {
                return duplicate(thread, file, (int) argument, false);
            }
            case F_DUPFD_CLOEXEC -> {
                return duplicate(thread, file, (int) argument, true);
            }
            case F_GETFD -> {
                return thread.files().closeOnExec(descriptor) ? 1 : 0;
            }
            case F_SETFD -> thread.files().setCloseOnExec(descriptor, (argument & 1) != 0);
            case F_GETFL -> {
                return file.flags() | OpenFlags.O_LARGEFILE;
            }
            case F_SETFL -> {
                int settable = OpenFlags.O_APPEND | OpenFlags.O_NONBLOCK;
                file.setFlags(file.flags() & ~settable | (int) argument & settable);
            }
            case LockCalls.F_GETLK, LockCalls.F_SETLK, LockCalls.F_SETLKW, LockCalls.F_OFD_GETLK,
                    LockCalls.F_OFD_SETLK, LockCalls.F_OFD_SETLKW -> {
                return LockCalls.fcntl(thread, file, (int) context.argument(1), argument);
            }
            case F_SETPIPE_SZ, F_GETPIPE_SZ -> {
                return pipeSize(file, (int) context.argument(1) == F_SETPIPE_SZ ? argument & 0xFFFFFFFFL : 0);
            }
            default -> throw Errno.EINVAL.exception();
        }
        return 0;
    }

    /** All pipes are of one size, which is the usual one. */
    private static long pipeSize(OpenFile file, long wanted) throws ErrnoException {
        if (Pipe.of(file) == null) {
            throw Errno.EBADF.exception();
        }
        if (wanted > Pipe.SIZE) {
            throw Errno.EPERM.exception();
        }
        return Pipe.SIZE;
    }

    private static long ioctl(UnixThread thread, UserContext context) throws ErrnoException, IOException {
        OpenFile file = file(thread, context);
        long address = context.argument(2);
        switch ((int) context.argument(1)) {
            case FIOCLEX -> thread.files().setCloseOnExec(context.argument(0), true);
            case FIONCLEX -> thread.files().setCloseOnExec(context.argument(0), false);
            case FIONBIO -> file.setFlags(thread.memory().readInt(address) != 0
                    ? file.flags() | OpenFlags.O_NONBLOCK
                    : file.flags() & ~OpenFlags.O_NONBLOCK);
            case FIONREAD -> thread.memory().writeInt(address, available(file));
            default -> {
                if (file instanceof Socket socket && (int) context.argument(1) == TIOCOUTQ) {
                    thread.memory().writeInt(address, socket.unsent());
                } else if (file instanceof Socket) {
                    InterfaceCalls.ioctl(thread, (int) context.argument(1), address);
                } else {
                    return Terminals.ioctl(thread, file.terminal(), (int) context.argument(1), address);
                }
            }
        }
        return 0;
    }

    private static int available(OpenFile file) throws ErrnoException, IOException {
        FileStatus status = file.status();
        if (status.is(FileStatus.S_IFREG)) {
            long left = status.size() - file.seek(0, OpenFile.SEEK_CUR);
            return Math.clamp(left, 0, Integer.MAX_VALUE);
        }
        return file.available();
    }

    private static long status(UnixThread thread, UserContext context, boolean wide)
            throws ErrnoException, IOException {
        FileStatus status = file(thread, context).status();
        thread.memory().write(context.argument(1), wide ? status.stat64() : status.stat());
        return 0;
    }

    private static long force(UnixThread thread, UserContext context) throws ErrnoException, IOException {
        file(thread, context).force();
        return 0;
    }

    private static long forceRange(UnixThread thread, UserContext context) throws ErrnoException, IOException {
        long from = context.argument(1);
        long length = context.argument(2);
        if ((context.argument(3) & ~7) != 0 || from < 0 || length < 0 || from + length < 0) {
            throw Errno.EINVAL.exception();
        }
        FileStatus status = file(thread, context).status();
        if (!status.is(FileStatus.S_IFREG) && !status.is(FileStatus.S_IFDIR)) {
            throw Errno.ESPIPE.exception();
        }
        if (context.argument(3) != 0) {
            file(thread, context).force();
        }
        return 0;
    }

    private static long readahead(UnixThread thread, UserContext context) throws ErrnoException, IOException {
        OpenFile file = file(thread, context);
        if ((file.flags() & OpenFlags.O_ACCMODE) == OpenFlags.O_WRONLY) {
            throw Errno.EBADF.exception();
        }
        // The host reads ahead by itself.
        if (!file.status().is(FileStatus.S_IFREG)) {
            throw Errno.EINVAL.exception();
        }
        return 0;
    }

    private static long fadvise(UnixThread thread, UserContext context) throws ErrnoException, IOException {
        if (file(thread, context).status().is(FileStatus.S_IFIFO)) {
            throw Errno.ESPIPE.exception();
        }
        // POSIX_FADV_NORMAL to POSIX_FADV_NOREUSE; advice is all it is.
        if (context.argument(2) < 0 || context.argument(3) < 0 || context.argument(3) > 5) {
            throw Errno.EINVAL.exception();
        }
        return 0;
    }

    private static long fallocate(UnixThread thread, UserContext context) throws ErrnoException, IOException {
        OpenFile file = file(thread, context);
        long end = context.argument(2) + context.argument(3);
        if (context.argument(1) != 0) {
            throw Errno.EOPNOTSUPP.exception();
        }
        if (context.argument(2) < 0 || context.argument(3) <= 0 || end < 0) {
            throw Errno.EINVAL.exception();
        }
        if ((file.flags() & OpenFlags.O_ACCMODE) == OpenFlags.O_RDONLY) {
            throw Errno.EBADF.exception();
        }
        if (file.status().is(FileStatus.S_IFIFO)) {
            throw Errno.ESPIPE.exception();
        }
        if (end > file.status().size()) {
            FileSizes.check(thread, end);
            file.truncate(end);
        }
        return 0;
    }
}
