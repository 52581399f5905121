package bundles.unix.provider.call;

import static bundles.unix.provider.abi.OpenFlags.AT_FDCWD;
import static bundles.unix.provider.call.Call.full;
import static bundles.unix.provider.call.Call.partly;

import bundles.unix.api.PathLookup.Purpose;
import bundles.unix.provider.abi.Errno;
import bundles.unix.provider.abi.ErrnoException;
import bundles.unix.provider.abi.OpenFlags;
import bundles.unix.provider.file.Fifo;
import bundles.unix.provider.file.FileStatus;
import bundles.unix.provider.file.HostFiles;
import bundles.unix.provider.file.Notices;
import bundles.unix.provider.process.UnixThread;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.concurrent.TimeUnit;
import kernel.core.machine.UserContext;

/** System calls that make, remove and rename directory entries, and set their times. */
final class EntryCalls {

    private static final long UTIME_NOW = 0x3fffffff, UTIME_OMIT = 0x3ffffffe;
    private static final int RENAME_NOREPLACE = 1;
    private static final String NO_DEVICES = "FIFOs, sockets and regular files only";

    private EntryCalls() {}

    static List<Call> calls() {
        return List.of(full(10, "unlink", "s", (p, c) -> unlink(p, Paths.path(p, c.argument(0), Purpose.REMOVE))),
                full(456, "unlinkat", "fsx", EntryCalls::unlinkat),
                full(136, "mkdir", "so", (p, c) -> mkdir(p, Paths.entry(p, AT_FDCWD, c.argument(0)), c.argument(1))),
                full(451, "mkdirat", "fso",
                        (p, c) -> mkdir(p, Paths.entry(p, c.argument(0), c.argument(1)), c.argument(2))),
                partly(14, "mknod", "sod", NO_DEVICES, (p, c) -> mknod(p,
                        Paths.entry(p, AT_FDCWD, c.argument(0)), (int) c.argument(1))),
                partly(452, "mknodat", "fsod", NO_DEVICES, (p, c) -> mknod(p,
                        Paths.entry(p, c.argument(0), c.argument(1)), (int) c.argument(2))),
                full(137, "rmdir", "s", (p, c) -> rmdir(p, AT_FDCWD, c.argument(0))),
                full(128, "rename", "ss",
                        (p, c) -> rename(p, AT_FDCWD, c.argument(0), AT_FDCWD, c.argument(1), 0)),
                full(457, "renameat", "fsfs", (p, c) -> renameat(p, c, 0)),
                partly(510, "renameat2", "fsfsx", "no RENAME_EXCHANGE, RENAME_WHITEOUT",
                        (p, c) -> renameat(p, c, c.argument(4))),
                full(9, "link", "ss",
                        (p, c) -> link(p, Paths.path(p, c.argument(0), Purpose.CHANGE),
                                Paths.path(p, c.argument(1), Purpose.MAKE))),
                full(458, "linkat", "fsfsx", EntryCalls::linkat),
                full(57, "symlink", "ss", (p, c) -> symlink(p, c.argument(0), AT_FDCWD, c.argument(1))),
                full(459, "symlinkat", "sfs", (p, c) -> symlink(p, c.argument(0), c.argument(1), c.argument(2))),
                full(475, "utimensat", "fsxx", EntryCalls::utimensat),
                full(454, "futimesat", "fsx",
                        (p, c) -> utimes(p, c.argument(1) == 0
                                ? PathCalls.pathOf(p, c.argument(0))
                                : Paths.path(p, c.argument(0), c.argument(1), Purpose.CHANGE), c.argument(2))),
                full(363, "utimes", "sx",
                        (p, c) -> utimes(p, Paths.path(p, c.argument(0), Purpose.CHANGE), c.argument(1))));
    }

    private static long unlink(UnixThread thread, Path path) throws ErrnoException, IOException {
        if (path.endsWith(".")) {
            throw Errno.ENOTDIR.exception();
        }
        FileStatus old = HostFiles.status(path, false);
        if (old.is(FileStatus.S_IFDIR)) {
            throw Errno.EISDIR.exception();
        }
        Files.delete(path);
        thread.kernel().nodes().unlinked(old);
        thread.kernel().notices().entry(path, old, Notices.DELETE);
        return 0;
    }

    private static long unlinkat(UnixThread thread, UserContext context) throws ErrnoException, IOException {
        long flags = context.argument(2);
        if ((flags & ~(long) OpenFlags.AT_REMOVEDIR) != 0) {
            throw Errno.EINVAL.exception();
        }
        return flags != 0
                ? rmdir(thread, context.argument(0), context.argument(1))
                : unlink(thread, Paths.path(thread, context.argument(0), context.argument(1), Purpose.REMOVE));
    }

    private static long mknod(UnixThread thread, Path path, int mode) throws ErrnoException, IOException {
        int type = mode & FileStatus.S_IFMT;
        if (type == FileStatus.S_IFDIR || type == FileStatus.S_IFCHR || type == FileStatus.S_IFBLK) {
            throw Errno.EPERM.exception();
        }
        boolean regular = type == 0 || type == FileStatus.S_IFREG;
        if (!regular && type != FileStatus.S_IFIFO && type != FileStatus.S_IFSOCK) {
            throw Errno.EINVAL.exception();
        }
        Files.createFile(path, HostFiles.create(path, mode & 07777 & ~thread.umask()));
        if (!regular) {
            thread.kernel().nodes().add(path, type, type == FileStatus.S_IFIFO ? new Fifo() : "");
        }
        thread.kernel().notices().made(path);
        return 0;
    }

    private static long mkdir(UnixThread thread, Path path, long mode) throws IOException {
        Files.createDirectory(path, HostFiles.create(path, (int) mode & ~thread.umask()));
        thread.kernel().notices().made(path);
        return 0;
    }

    private static long rmdir(UnixThread thread, long directory, long nameAt) throws ErrnoException, IOException {
        Path path = Paths.path(thread, directory, nameAt, Purpose.REMOVE);
        String name = thread.memory().readPath(nameAt);
        // Asked of the name: a path ends in "." for a final slash too, and that may be there.
        Path entry = name.endsWith("/.") || name.equals(".") ? path : HostFiles.entry(path);
        FileStatus old = HostFiles.status(entry, false);
        if (!old.is(FileStatus.S_IFDIR)) {
            throw Errno.ENOTDIR.exception();
        }
        if (entry.endsWith(".") || entry.endsWith("..")) {
            throw (entry.endsWith("..") ? Errno.ENOTEMPTY : Errno.EINVAL).exception();
        }
        Files.delete(entry);
        thread.kernel().notices().entry(entry, old, Notices.DELETE);
        return 0;
    }

    private static long renameat(UnixThread thread, UserContext context, long flags)
            throws ErrnoException, IOException {
        return rename(thread, context.argument(0), context.argument(1), context.argument(2), context.argument(3),
                flags);
    }

    private static long rename(UnixThread thread, long fromFolder, long fromAt, long toFolder, long toAt, long flags)
            throws ErrnoException, IOException {
        Path from = Paths.path(thread, fromFolder, fromAt, Purpose.MOVE);
        return rename(thread, from, Paths.path(thread, toFolder, toAt, Purpose.MAKE), flags);
    }

    private static long rename(UnixThread thread, Path from, Path to, long flags) throws ErrnoException, IOException {
        if ((flags & ~RENAME_NOREPLACE) != 0) {
            throw Errno.EINVAL.exception();
        }
        Path source = HostFiles.entry(from);
        Path target = HostFiles.entry(to);
        boolean directory = HostFiles.status(source, false).is(FileStatus.S_IFDIR);
        if (!directory && (source != from || target != to)) {
            throw Errno.ENOTDIR.exception();
        }
        FileStatus old = null;
        try {
            old = HostFiles.status(target, false);
        } catch (NoSuchFileException e) {
            // The usual case.
        }
        if (old != null) {
            if (flags != 0) {
                throw Errno.EEXIST.exception();
            }
            if (directory != old.is(FileStatus.S_IFDIR)) {
                throw (directory ? Errno.ENOTDIR : Errno.EISDIR).exception();
            }
        }
        Files.move(source, target, StandardCopyOption.ATOMIC_MOVE);
        if (old != null) {
            thread.kernel().nodes().unlinked(old);
        }
        thread.kernel().notices().moved(source, target, old);
        return 0;
    }

    private static long link(UnixThread thread, Path old, Path link) throws IOException {
        Files.createLink(link, old);
        thread.kernel().notices().linked(old);
        thread.kernel().notices().made(link);
        return 0;
    }

    private static long linkat(UnixThread thread, UserContext context) throws ErrnoException, IOException {
        Path old = Paths.pathOrFile(thread, context.argument(0), context.argument(1), context.argument(4),
                Purpose.CHANGE);
        if ((context.argument(4) & ~(OpenFlags.AT_EMPTY_PATH | OpenFlags.AT_SYMLINK_FOLLOW)) != 0) {
            throw Errno.EINVAL.exception();
        }
        boolean follow = (context.argument(4) & OpenFlags.AT_SYMLINK_FOLLOW) != 0;
        return link(thread, follow ? old.toRealPath() : old,
                Paths.path(thread, context.argument(2), context.argument(3), Purpose.MAKE));
    }

    private static long symlink(UnixThread thread, long targetAt, long directory, long linkAt)
            throws ErrnoException, IOException {
        String target = thread.memory().readPath(targetAt);
        if (target.isEmpty()) {
            throw Errno.ENOENT.exception();
        }
        Path link = Paths.path(thread, directory, linkAt, Purpose.MAKE);
        Files.createSymbolicLink(link, link.getFileSystem().getPath(target));
        thread.kernel().notices().made(link);
        return 0;
    }

    private static long utimensat(UnixThread thread, UserContext context) throws ErrnoException, IOException {
        long flags = context.argument(3);
        if ((flags & ~(OpenFlags.AT_EMPTY_PATH | OpenFlags.AT_SYMLINK_NOFOLLOW)) != 0) {
            throw Errno.EINVAL.exception();
        }
        Path path = context.argument(1) == 0
                ? thread.file(context.argument(0)).path()
                : Paths.pathOrFile(thread, context.argument(0), context.argument(1), flags, Purpose.CHANGE);
        if (path == null) {
            throw Errno.EINVAL.exception();
        }
        long now = thread.kernel().clock().realTime();
        Long accessed = now;
        Long modified = now;
        if (context.argument(2) != 0) {
            ByteBuffer times = thread.memory().read(context.argument(2), 32);
            accessed = time(times.getLong(), times.getLong(), now);
            modified = time(times.getLong(), times.getLong(), now);
        }
        setTimes(thread, path, accessed, modified, (flags & OpenFlags.AT_SYMLINK_NOFOLLOW) == 0);
        return 0;
    }

    /** Nanoseconds since 1970, or null: the time stays. */
    private static Long time(long seconds, long nanoseconds, long now) throws ErrnoException {
        if (nanoseconds == UTIME_OMIT) {
            return null;
        }
        if (nanoseconds == UTIME_NOW) {
            return now;
        }
        if (nanoseconds < 0 || nanoseconds >= 1_000_000_000) {
            throw Errno.EINVAL.exception();
        }
        return seconds * 1_000_000_000 + nanoseconds;
    }

    private static long utimes(UnixThread thread, Path path, long timesAt) throws ErrnoException, IOException {
        long now = thread.kernel().clock().realTime();
        if (timesAt == 0) {
            setTimes(thread, path, now, now, true);
        } else {
            ByteBuffer times = thread.memory().read(timesAt, 32);
            Long accessed = time(times.getLong(), times.getLong() * 1000, now);
            setTimes(thread, path, accessed, time(times.getLong(), times.getLong() * 1000, now), true);
        }
        return 0;
    }

    static void setTimes(UnixThread thread, Path path, Long accessed, Long modified, boolean follow)
            throws IOException {
        LinkOption[] links = HostFiles.links(follow);
        Files.getFileAttributeView(path, BasicFileAttributeView.class, links).setTimes(fileTime(modified),
                fileTime(accessed), null);
        thread.kernel().notices().changed(path, Notices.ATTRIB);
    }

    private static FileTime fileTime(Long time) {
        return time == null ? null : FileTime.from(time, TimeUnit.NANOSECONDS);
    }
}
