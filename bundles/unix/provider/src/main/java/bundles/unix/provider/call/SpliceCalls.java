package bundles.unix.provider.call;

import static bundles.unix.provider.call.Call.full;

import bundles.unix.provider.abi.Errno;
import bundles.unix.provider.abi.ErrnoException;
import bundles.unix.provider.abi.OpenFlags;
import bundles.unix.provider.file.FileStatus;
import bundles.unix.provider.file.OpenFile;
import bundles.unix.provider.file.Pipe;
import bundles.unix.provider.process.UnixThread;
import java.io.IOException;
import java.util.List;
import kernel.core.machine.UserContext;

/** System calls that move what is in pipes: splice(2), tee(2), vmsplice(2). Bytes are copied, once in each direction. */
final class SpliceCalls {

    /** SPLICE_F_MOVE, NONBLOCK, MORE and GIFT (fcntl.h). */
    private static final int NONBLOCK = 2, FLAGS = 15;

    private SpliceCalls() {}

    static List<Call> calls() {
        return List.of(full(468, "splice", "fxfxdx", (t, c) -> told(t, () -> splice(t, c))),
                full(470, "tee", "ffdx", (t, c) -> told(t, () -> tee(t, c))),
                full(471, "vmsplice", "fxdx", SpliceCalls::vmsplice));
    }

    /** Sends SIGPIPE where there is nobody who reads. */
    private static long told(UnixThread thread, PollCalls.Body body) throws ErrnoException, IOException {
        try {
            return body.run();
        } catch (ErrnoException e) {
            throw Transfers.brokenPipe(thread, e);
        }
    }

    private static void checkFlags(long flags) throws ErrnoException {
        if ((flags & ~FLAGS) != 0) {
            throw Errno.EINVAL.exception();
        }
    }

    private static OpenFile readable(UnixThread thread, long descriptor) throws ErrnoException {
        OpenFile file = thread.file(descriptor);
        if ((file.flags() & OpenFlags.O_ACCMODE) == OpenFlags.O_WRONLY) {
            throw Errno.EBADF.exception();
        }
        return file;
    }

    private static OpenFile writable(UnixThread thread, long descriptor) throws ErrnoException {
        OpenFile file = thread.file(descriptor);
        if ((file.flags() & OpenFlags.O_ACCMODE) == OpenFlags.O_RDONLY) {
            throw Errno.EBADF.exception();
        }
        return file;
    }

    private static boolean waits(OpenFile file, long flags) {
        return (flags & NONBLOCK) == 0 && (file.flags() & OpenFlags.O_NONBLOCK) == 0;
    }

    private static long splice(UnixThread thread, UserContext context) throws ErrnoException, IOException {
        long flags = context.argument(5);
        long length = context.argument(4);
        if (length == 0) {
            return 0;
        }
        checkFlags(flags);
        OpenFile from = readable(thread, context.argument(0));
        OpenFile to = writable(thread, context.argument(2));
        Pipe source = Pipe.of(from);
        Pipe target = Pipe.of(to);
        if (source != null && context.argument(1) != 0 || target != null && context.argument(3) != 0) {
            throw Errno.ESPIPE.exception();
        }
        if (source == null && target == null || source == target || (to.flags() & OpenFlags.O_APPEND) != 0
                && target == null) {
            throw Errno.EINVAL.exception();
        }
        byte[] buffer = thread.memory().transfer();
        int most = Math.clamp(length, 0, buffer.length);
        if (source == null) {
            return intoPipe(thread, from, context.argument(1), target, waits(to, flags), buffer, most);
        }
        int got = thread.signals().await(() -> source.take(buffer, 0, most, waits(from, flags)));
        if (got == 0) {
            return 0;
        }
        int put = 0;
        try {
            put = target != null
                    ? thread.signals().await(() -> target.put(buffer, 0, got, waits(to, flags)))
                    : out(thread, to, context.argument(3), buffer, got);
        } finally {
            source.giveBack(buffer, put, got - put);
        }
        return put;
    }

    private static int intoPipe(UnixThread thread, OpenFile from, long offsetAt, Pipe to, boolean wait, byte[] buffer,
            int most) throws ErrnoException, IOException {
        int room = thread.signals().await(() -> to.room(wait));
        int wanted = Math.min(most, room);
        int got;
        if (offsetAt != 0) {
            long offset = thread.memory().readLong(offsetAt);
            checkPlace(from, offset);
            got = from.readAt(offset, buffer, 0, wanted);
            thread.memory().writeLong(offsetAt, offset + got);
        } else {
            got = from.read(thread.signals(), buffer, 0, wanted);
        }
        int put = 0;
        while (put < got) {
            int done = put;
            put += thread.signals().await(() -> to.put(buffer, done, got - done, true));
        }
        return got;
    }

    private static int out(UnixThread thread, OpenFile to, long offsetAt, byte[] buffer, int length)
            throws ErrnoException, IOException {
        if (offsetAt == 0) {
            return to.write(thread.signals(), buffer, 0, length);
        }
        long offset = thread.memory().readLong(offsetAt);
        checkPlace(to, offset);
        int put = to.writeAt(offset, buffer, 0, length);
        thread.memory().writeLong(offsetAt, offset + put);
        return put;
    }

    private static void checkPlace(OpenFile file, long offset) throws ErrnoException, IOException {
        if (!file.status().is(FileStatus.S_IFREG)) {
            throw Errno.ESPIPE.exception();
        }
        if (offset < 0) {
            throw Errno.EINVAL.exception();
        }
    }

    private static long tee(UnixThread thread, UserContext context) throws ErrnoException, IOException {
        long flags = context.argument(3);
        checkFlags(flags);
        if (context.argument(2) == 0) {
            return 0;
        }
        OpenFile from = readable(thread, context.argument(0));
        OpenFile to = writable(thread, context.argument(1));
        Pipe source = Pipe.of(from);
        Pipe target = Pipe.of(to);
        if (source == null || target == null || source == target) {
            throw Errno.EINVAL.exception();
        }
        byte[] buffer = thread.memory().transfer();
        int most = Math.clamp(context.argument(2), 0, buffer.length);
        int got = thread.signals().await(() -> source.peek(buffer, 0, most, waits(from, flags)));
        return got == 0 ? 0 : thread.signals().await(() -> target.put(buffer, 0, got, waits(to, flags)));
    }

    private static long vmsplice(UnixThread thread, UserContext context) throws ErrnoException, IOException {
        checkFlags(context.argument(3));
        OpenFile file = thread.file(context.argument(0));
        if (Pipe.of(file) == null) {
            throw Errno.EBADF.exception();
        }
        boolean write = (file.flags() & OpenFlags.O_ACCMODE) != OpenFlags.O_RDONLY;
        return Transfers.vector(thread, context, write);
    }
}
