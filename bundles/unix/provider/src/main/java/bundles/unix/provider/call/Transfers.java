package bundles.unix.provider.call;

import static bundles.unix.provider.call.Call.full;
import static bundles.unix.provider.call.Call.partly;

import bundles.unix.provider.abi.Errno;
import bundles.unix.provider.abi.ErrnoException;
import bundles.unix.provider.abi.OpenFlags;
import bundles.unix.provider.abi.UserMemory;
import bundles.unix.provider.file.FileErrors;
import bundles.unix.provider.file.FileStatus;
import bundles.unix.provider.file.OpenFile;
import bundles.unix.provider.process.UnixThread;
import bundles.unix.provider.signal.Signal;
import bundles.unix.provider.signal.SignalInfo;
import bundles.unix.provider.socket.Socket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import kernel.core.machine.UserContext;

/** System calls that move bytes between files and memory: read(2), write(2), readv(2), pread(2), sendfile(2). */
final class Transfers {

    private static final int MAX_VECTOR = 1024;
    /** Flags of preadv2(2) (linux/fs.h); what asks for haste is met by what is done anyway. */
    private static final int RWF_DSYNC = 2, RWF_SYNC = 4, RWF_APPEND = 16, RWF_ALL = 31;
    private static final long MAX_TRANSFER = 0x7fffe000L;

    private Transfers() {}

    static List<Call> calls() {
        return List.of(full(3, "read", "fbd", (p, c) -> read(p, file(p, c), c.argument(1), c.argument(2))),
                full(4, "write", "fbd", (p, c) -> write(p, file(p, c), c.argument(1), c.argument(2))),
                full(120, "readv", "fxd", (p, c) -> vector(p, c, false)),
                full(121, "writev", "fxd", (p, c) -> vector(p, c, true)),
                full(349, "pread64", "fbdd",
                        (p, c) -> readAt(p, file(p, c), c.argument(1), c.argument(2), c.argument(3))),
                full(350, "pwrite64", "fbdd",
                        (p, c) -> writeAt(p, file(p, c), c.argument(1), c.argument(2), c.argument(3))),
                partly(520, "preadv2", "fxdddx", "RWF_NOWAIT may wait for the host's disk",
                        (p, c) -> second(p, c, false)),
                partly(521, "pwritev2", "fxdddx", "RWF_NOWAIT may wait for the host's disk",
                        (p, c) -> second(p, c, true)),
                full(490, "preadv", "fxdd", (p, c) -> vectorAt(p, c, false, c.argument(3))),
                full(491, "pwritev", "fxdd", (p, c) -> vectorAt(p, c, true, c.argument(3))),
                partly(370, "sendfile", "ffxd", "source must be a regular file", Transfers::sendfile));
    }

    private static OpenFile file(UnixThread thread, UserContext context) throws ErrnoException {
        return thread.file(context.argument(0));
    }

    /** Reads until the length is reached, the file gives less than asked for, or the memory ends. */
    static long read(UnixThread thread, OpenFile file, long address, long length) throws ErrnoException, IOException {
        checkLength(length);
        if (file instanceof Socket socket) {
            return MessageCalls.read(thread, socket, Pieces.of(address, length));
        }
        if (file.isTerminal()) {
            Terminals.fromForeground(thread, file.terminal(), Signal.SIGTTIN);
        }
        byte[] buffer = thread.memory().transfer();
        long total = readNow(thread, file, address, length, -1);
        if (total >= 0) {
            return total;
        }
        total = ~total;
        boolean regular = length > buffer.length && file.status().is(FileStatus.S_IFREG);
        do {
            int part = (int) Math.min(buffer.length, Math.min(length, MAX_TRANSFER) - total);
            int got;
            try {
                got = file.read(thread.signals(), buffer, 0, part);
            } catch (ErrnoException e) {
                return partial(total, e);
            }
            try {
                thread.memory().write(address + total, buffer, 0, got);
            } catch (ErrnoException e) {
                giveBack(file, got);
                return partial(total, e);
            }
            total += got;
            if (got < part) {
                break;
            }
        } while (regular && total < Math.min(length, MAX_TRANSFER));
        return total;
    }

    /**
     * Reads without copying, as far as that can be done at once.
     *
     * @param position where, or -1: at the file's own, which advances
     * @return bytes read, or their complement if it must be gone on another way
     */
    private static long readNow(UnixThread thread, OpenFile file, long address, long length, long position) {
        long wanted = Math.min(length, MAX_TRANSFER);
        long total = 0;
        if (wanted == 0) {
            return ~0L;
        }
        while (total < wanted) {
            int part = (int) Math.min(UserMemory.TRANSFER, wanted - total);
            int got = file.readNow(thread.memory(), position < 0 ? position : position + total, address + total, part);
            if (got < 0) {
                return ~(total + OpenFile.unfinished(got));
            }
            total += got;
            if (got < part) {
                break;
            }
        }
        return total;
    }

    /** Writes until the length is reached, the file takes less than given, or the memory ends. */
    static long write(UnixThread thread, OpenFile file, long address, long length)
            throws ErrnoException, IOException {
        checkLength(length);
        if (file instanceof Socket socket) {
            return MessageCalls.write(thread, socket, Pieces.of(address, length));
        }
        if (file.isTerminal() && thread.process().family().inBackground()
                && Terminals.stopsOutput(file.terminal())) {
            Terminals.fromForeground(thread, file.terminal(), Signal.SIGTTOU);
        }
        byte[] buffer = thread.memory().transfer();
        long wanted = Math.min(length, MAX_TRANSFER);
        long total = 0;
        do {
            int part = (int) Math.min(buffer.length, wanted - total);
            try {
                int allowed = FileSizes.allowed(thread, file, part);
                wanted = allowed < part ? total + allowed : wanted;
                part = allowed;
                thread.memory().read(address + total, buffer, 0, part);
                int put = file.write(thread.signals(), buffer, 0, part);
                total += put;
                if (put < part && (file.flags() & OpenFlags.O_NONBLOCK) != 0) {
                    break;
                }
            } catch (ErrnoException e) {
                return partial(total, brokenPipe(thread, e));
            } catch (IOException e) {
                return partial(total, brokenPipe(thread, FileErrors.of(e)));
            }
        } while (total < wanted);
        return total;
    }

    /** What could not be handed over is read again by the next read, where the file has a position. */
    private static void giveBack(OpenFile file, int count) throws IOException {
        try {
            file.seek(-count, OpenFile.SEEK_CUR);
        } catch (ErrnoException e) {
            // No position: what was read is lost, as it is on Linux.
        }
    }

    /** A write to a pipe that nobody reads sends SIGPIPE (write(2)). */
    static ErrnoException brokenPipe(UnixThread thread, ErrnoException e) {
        if (e.errno() == Errno.EPIPE) {
            thread.signals().send(
                    SignalInfo.from(Signal.SIGPIPE, Signal.SI_USER, thread.process().id(), thread.kernel().user()));
        }
        return e;
    }

    private static long partial(long total, ErrnoException e) throws ErrnoException {
        if (total == 0) {
            throw e;
        }
        return total;
    }

    private static void checkPlace(long length, long position) throws ErrnoException {
        checkLength(length);
        if (position < 0) {
            throw Errno.EINVAL.exception();
        }
    }

    private static long readAt(UnixThread thread, OpenFile file, long address, long length, long position)
            throws ErrnoException, IOException {
        checkPlace(length, position);
        byte[] buffer = thread.memory().transfer();
        long wanted = Math.min(length, MAX_TRANSFER);
        long total = readNow(thread, file, address, length, position);
        if (total >= 0) {
            return total;
        }
        total = ~total;
        while (total < wanted) {
            int part = (int) Math.min(buffer.length, wanted - total);
            int got = file.readAt(position + total, buffer, 0, part);
            thread.memory().write(address + total, buffer, 0, got);
            total += got;
            if (got < part) {
                break;
            }
        }
        return total;
    }

    private static long writeAt(UnixThread thread, OpenFile file, long address, long length, long position)
            throws ErrnoException, IOException {
        checkPlace(length, position);
        byte[] buffer = thread.memory().transfer();
        long wanted = Math.min(length, MAX_TRANSFER);
        long total = 0;
        while (total < wanted) {
            int part = (int) Math.min(buffer.length, wanted - total);
            int allowed = FileSizes.allowed(thread, file, position + total, part);
            wanted = allowed < part ? total + allowed : wanted;
            part = allowed;
            thread.memory().read(address + total, buffer, 0, part);
            total += file.writeAt(position + total, buffer, 0, part);
        }
        return total;
    }

    private static ByteBuffer vectorOf(UnixThread thread, UserContext context) throws ErrnoException {
        long count = context.argument(2);
        if (count < 0 || count > MAX_VECTOR) {
            throw Errno.EINVAL.exception();
        }
        ByteBuffer vector = thread.memory().read(context.argument(1), (int) count * 16);
        long sum = 0;
        for (int i = 0; i < count; i++) {
            long length = vector.getLong(16 * i + 8);
            checkLength(length);
            sum += length;
            checkLength(sum);
        }
        return vector;
    }

    static long vector(UnixThread thread, UserContext context, boolean write)
            throws ErrnoException, IOException {
        OpenFile file = file(thread, context);
        ByteBuffer vector = vectorOf(thread, context);
        if (file instanceof Socket socket) {
            Pieces pieces = Pieces.of(thread.memory(), context.argument(1), context.argument(2));
            return write ? MessageCalls.write(thread, socket, pieces) : MessageCalls.read(thread, socket, pieces);
        }
        long total = 0;
        while (vector.hasRemaining()) {
            long address = vector.getLong();
            long length = vector.getLong();
            if (length == 0) {
                continue;
            }
            try {
                long moved = write ? write(thread, file, address, length) : read(thread, file, address, length);
                total += moved;
                if (moved < length) {
                    break;
                }
            } catch (ErrnoException e) {
                return partial(total, e);
            }
        }
        return total;
    }

    /** preadv2(2), pwritev2(2): the file's own position is -1. */
    private static long second(UnixThread thread, UserContext context, boolean write)
            throws ErrnoException, IOException {
        long flags = context.argument(5);
        if ((flags & ~RWF_ALL) != 0) {
            throw Errno.EOPNOTSUPP.exception();
        }
        OpenFile file = file(thread, context);
        long position = context.argument(3);
        if (position < -1) {
            throw Errno.EINVAL.exception();
        }
        long moved;
        if (write && (flags & RWF_APPEND) != 0 && file.status().is(FileStatus.S_IFREG)) {
            long end = file.status().size();
            moved = vectorAt(thread, context, true, end);
            if (position == -1) {
                file.seek(end + moved, OpenFile.SEEK_SET);
            }
        } else {
            moved = position == -1 ? vector(thread, context, write) : vectorAt(thread, context, write, position);
        }
        if (write && (flags & (RWF_DSYNC | RWF_SYNC)) != 0) {
            file.force();
        }
        return moved;
    }

    private static long vectorAt(UnixThread thread, UserContext context, boolean write, long start)
            throws ErrnoException, IOException {
        OpenFile file = file(thread, context);
        ByteBuffer vector = vectorOf(thread, context);
        long total = 0;
        while (vector.hasRemaining()) {
            long address = vector.getLong();
            long length = vector.getLong();
            long position = start + total;
            long moved = write
                    ? writeAt(thread, file, address, length, position)
                    : readAt(thread, file, address, length, position);
            total += moved;
            if (moved < length) {
                break;
            }
        }
        return total;
    }

    private static long sendfile(UnixThread thread, UserContext context) throws ErrnoException, IOException {
        OpenFile to = file(thread, context);
        OpenFile from = thread.file(context.argument(1));
        long offsetAt = context.argument(2);
        long length = context.argument(3);
        checkLength(length);
        if ((to.flags() & OpenFlags.O_ACCMODE) == OpenFlags.O_RDONLY) {
            throw Errno.EBADF.exception();
        }
        long wanted = Math.min(length, MAX_TRANSFER);
        if (!from.status().is(FileStatus.S_IFREG)) {
            throw Errno.EINVAL.exception();
        }
        byte[] buffer = thread.memory().transfer();
        long position = offsetAt == 0 ? from.seek(0, OpenFile.SEEK_CUR) : thread.memory().readLong(offsetAt);
        if (position < 0) {
            throw Errno.EINVAL.exception();
        }
        long total = 0;
        // A signal ends a long copy early; of a file to its own end it would hardly end otherwise.
        while (total < wanted && (total == 0 || !thread.signals().deliverable())) {
            int got = from.readAt(position + total, buffer, 0, (int) Math.min(buffer.length, wanted - total));
            if (got == 0) {
                break;
            }
            try {
                total += to.write(thread.signals(), buffer, 0, got);
            } catch (ErrnoException e) {
                partial(total, brokenPipe(thread, e));
                break;
            }
        }
        if (offsetAt == 0) {
            from.seek(position + total, OpenFile.SEEK_SET);
        } else {
            thread.memory().writeLong(offsetAt, position + total);
        }
        return total;
    }

    private static void checkLength(long length) throws ErrnoException {
        if (length < 0) {
            throw Errno.EINVAL.exception();
        }
    }
}
