package bundles.unix.provider.call;

import static bundles.unix.provider.call.Call.full;
import static bundles.unix.provider.call.Call.partly;

import bundles.unix.api.PathLookup.Purpose;
import bundles.unix.provider.abi.Errno;
import bundles.unix.provider.abi.ErrnoException;
import bundles.unix.provider.abi.OpenFlags;
import bundles.unix.provider.file.HostFiles;
import bundles.unix.provider.file.NoticeFile;
import bundles.unix.provider.process.UnixThread;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import kernel.core.machine.UserContext;

/** Being told of changes of files: inotify(7). */
final class NoticeCalls {

    private static final int DONT_FOLLOW = 0x0200_0000;

    private NoticeCalls() {}

    static List<Call> calls() {
        return List.of(full(444, "inotify_init", "", (t, c) -> init(t, 0)),
                full(489, "inotify_init1", "x", (t, c) -> init(t, c.argument(0))),
                partly(445, "inotify_add_watch", "fsx",
                        "what this kernel's programs do by path or descriptor is told, not accesses, changes by mappings, or the host's",
                        NoticeCalls::watch),
                full(446, "inotify_rm_watch", "fd", (t, c) -> {
                    file(t, c).unwatch((int) c.argument(1));
                    return 0;
                }));
    }

    private static long init(UnixThread thread, long flags) throws ErrnoException, IOException {
        if ((flags & ~(long) (OpenFlags.O_CLOEXEC | OpenFlags.O_NONBLOCK)) != 0) {
            throw Errno.EINVAL.exception();
        }
        var file = new NoticeFile(thread.kernel().notices(), (int) flags & OpenFlags.O_NONBLOCK);
        try {
            return thread.files().add(file, (flags & OpenFlags.O_CLOEXEC) != 0);
        } catch (ErrnoException e) {
            file.release();
            throw e;
        }
    }

    private static NoticeFile file(UnixThread thread, UserContext context) throws ErrnoException {
        if (thread.file(context.argument(0)) instanceof NoticeFile file) {
            return file;
        }
        throw Errno.EINVAL.exception();
    }

    private static long watch(UnixThread thread, UserContext context) throws ErrnoException, IOException {
        int mask = (int) context.argument(2);
        NoticeFile file = file(thread, context);
        Path path = Paths.path(thread, context.argument(1), Purpose.LOOK);
        return file.watch(HostFiles.status(path, (mask & DONT_FOLLOW) == 0), mask);
    }
}
