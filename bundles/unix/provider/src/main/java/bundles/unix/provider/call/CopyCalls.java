package bundles.unix.provider.call;

import static bundles.unix.provider.call.Call.full;

import bundles.unix.provider.abi.Errno;
import bundles.unix.provider.abi.ErrnoException;
import bundles.unix.provider.abi.OpenFlags;
import bundles.unix.provider.file.FileStatus;
import bundles.unix.provider.file.OpenFile;
import bundles.unix.provider.process.UnixThread;
import java.io.IOException;
import java.util.List;
import kernel.core.machine.UserContext;

/** copy_file_range(2). */
final class CopyCalls {

    private CopyCalls() {}

    static List<Call> calls() {
        return List.of(full(519, "copy_file_range", "fxfxdx", CopyCalls::copy));
    }

    private static long copy(UnixThread thread, UserContext context) throws ErrnoException, IOException {
        OpenFile from = thread.file(context.argument(0));
        OpenFile to = thread.file(context.argument(2));
        if (context.argument(5) != 0) {
            throw Errno.EINVAL.exception();
        }
        FileStatus source = regular(from);
        FileStatus target = regular(to);
        if ((from.flags() & OpenFlags.O_ACCMODE) == OpenFlags.O_WRONLY
                || (to.flags() & OpenFlags.O_ACCMODE) == OpenFlags.O_RDONLY
                || (to.flags() & OpenFlags.O_APPEND) != 0) {
            throw Errno.EBADF.exception();
        }
        long readAt = place(thread, from, context.argument(1));
        long writeAt = place(thread, to, context.argument(3));
        // Not more than there is: then a copy within one file overlaps only if what is really moved does.
        long wanted = Math.clamp(source.size() - readAt, 0, Math.max(0, context.argument(4)));
        boolean same = source.inode() == target.inode() && source.device() == target.device();
        if (same && readAt + wanted > writeAt && writeAt + wanted > readAt) {
            throw Errno.EINVAL.exception();
        }
        long total = move(thread, from, readAt, to, writeAt, wanted);
        advance(thread, from, context.argument(1), readAt + total);
        advance(thread, to, context.argument(3), writeAt + total);
        return total;
    }

    private static long move(UnixThread thread, OpenFile from, long readAt, OpenFile to, long writeAt, long wanted)
            throws ErrnoException, IOException {
        byte[] buffer = thread.memory().transfer();
        long total = 0;
        // A signal ends a long copy early, with what was copied.
        while (total < wanted && (total == 0 || !thread.signals().deliverable())) {
            int got = from.readAt(readAt + total, buffer, 0, (int) Math.min(buffer.length, wanted - total));
            if (got == 0) {
                break;
            }
            total += to.writeAt(writeAt + total, buffer, 0, got);
        }
        return total;
    }

    private static FileStatus regular(OpenFile file) throws ErrnoException, IOException {
        FileStatus status = file.status();
        if (status.is(FileStatus.S_IFDIR)) {
            throw Errno.EISDIR.exception();
        }
        if (!status.is(FileStatus.S_IFREG)) {
            throw Errno.EINVAL.exception();
        }
        return status;
    }

    private static long place(UnixThread thread, OpenFile file, long at) throws ErrnoException, IOException {
        long place = at == 0 ? file.seek(0, OpenFile.SEEK_CUR) : thread.memory().readLong(at);
        if (place < 0) {
            throw Errno.EINVAL.exception();
        }
        return place;
    }

    private static void advance(UnixThread thread, OpenFile file, long at, long place)
            throws ErrnoException, IOException {
        if (at == 0) {
            file.seek(place, OpenFile.SEEK_SET);
        } else {
            thread.memory().writeLong(at, place);
        }
    }
}
