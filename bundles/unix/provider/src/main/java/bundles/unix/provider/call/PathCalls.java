package bundles.unix.provider.call;

import static bundles.unix.provider.abi.OpenFlags.AT_FDCWD;
import static bundles.unix.provider.call.Call.full;
import static bundles.unix.provider.call.Call.partly;

import bundles.unix.api.PathLookup.Purpose;
import bundles.unix.provider.abi.Errno;
import bundles.unix.provider.abi.ErrnoException;
import bundles.unix.provider.abi.OpenFlags;
import bundles.unix.provider.abi.UserMemory;
import bundles.unix.provider.file.FileStatus;
import bundles.unix.provider.file.HostFiles;
import bundles.unix.provider.file.Notices;
import bundles.unix.provider.file.OpenFile;
import bundles.unix.provider.file.PseudoTerminal;
import bundles.unix.provider.file.RegularFile;
import bundles.unix.provider.proc.ProcNode;
import bundles.unix.provider.process.UnixThread;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import kernel.core.machine.UserContext;

/** System calls that ask about or change what a path name stands for: stat(2), access(2), readlink(2), chmod(2), chdir(2) ... */
final class PathCalls {

    /** Flags of fstatat(2): those below, and AT_NO_AUTOMOUNT, for which there is nothing to do. */
    private static final long AT_STATUS = OpenFlags.AT_EMPTY_PATH | OpenFlags.AT_SYMLINK_NOFOLLOW | 0x800;

    /** Of faccessat(2): by the effective user, who is the only one. */
    private static final long AT_EACCESS = 0x200;

    private PathCalls() {}

    static List<Call> calls() {
        return List.of(
                full(67, "stat", "sx", (p, c) -> status(p, c, true, false)),
                full(68, "lstat", "sx", (p, c) -> status(p, c, false, false)),
                full(425, "stat64", "sx", (p, c) -> status(p, c, true, true)),
                full(426, "lstat64", "sx",
                        (p, c) -> status(p, c, false, true)),
                full(455, "fstatat64", "fsxx", PathCalls::fstatat),
                full(33, "access", "so", (p, c) -> access(p, AT_FDCWD, c.argument(0), c.argument(1), 0)),
                full(462, "faccessat", "fso",
                        (p, c) -> access(p, c.argument(0), c.argument(1), c.argument(2), 0)),
                full(549, "faccessat2", "fsox", PathCalls::faccessat2),
                full(58, "readlink", "sxd",
                        (p, c) -> readlink(p, AT_FDCWD, c.argument(0), c.argument(1), c.argument(2))),
                full(460, "readlinkat", "fsxd",
                        (p, c) -> readlink(p, c.argument(0), c.argument(1), c.argument(2), c.argument(3))),
                full(15, "chmod", "so",
                        (p, c) -> chmod(p, Paths.path(p, c.argument(0), Purpose.CHANGE), c.argument(1))),
                full(124, "fchmod", "fo", (p, c) -> chmod(p, pathOf(p, c.argument(0)), c.argument(1))),
                full(461, "fchmodat", "fso",
                        (p, c) -> chmod(p, Paths.path(p, c.argument(0), c.argument(1), Purpose.CHANGE), c.argument(2))),
                partly(16, "chown", "sdd", "the owner cannot change",
                        (p, c) -> chown(p, Paths.path(p, c.argument(0), Purpose.LOOK), c, 1)),
                partly(208, "lchown", "sdd", "the owner cannot change",
                        (p, c) -> chown(p, Paths.path(p, c.argument(0), Purpose.LOOK), c, 1)),
                partly(123, "fchown", "fdd", "the owner cannot change",
                        (p, c) -> chown(p, pathOf(p, c.argument(0)), c, 1)),
                partly(453, "fchownat", "fsddx", "the owner cannot change",
                        (p, c) -> chown(p,
                                Paths.pathOrFile(p, c.argument(0), c.argument(1), c.argument(4), Purpose.LOOK), c, 2)),
                full(129, "truncate", "sd", PathCalls::truncate), full(12, "chdir", "s", PathCalls::chdir),
                full(13, "fchdir", "f", PathCalls::fchdir), full(367, "getcwd", "xd", PathCalls::getcwd),
                full(60, "umask", "o", PathCalls::umask), full(377, "getdents64", "fbd", PathCalls::getdents64),
                full(305, "getdents", "fbd", PathCalls::getdents),
                partly(328, "statfs", "sx", "numbers of files are made up",
                        (p, c) -> statfs(p, Paths.path(p, c.argument(0), Purpose.LOOK), c.argument(1))),
                partly(329, "fstatfs", "fx", "numbers of files are made up",
                        (p, c) -> statfs(p, pathOf(p, c.argument(0)), c.argument(1))),
                partly(528, "statfs64", "sdx", "numbers of files are made up",
                        (p, c) -> statfs64(p, Paths.path(p, c.argument(0), Purpose.LOOK), c)),
                partly(529, "fstatfs64", "fdx", "numbers of files are made up",
                        (p, c) -> statfs64(p, pathOf(p, c.argument(0)), c)));
    }

    static Path pathOf(UnixThread thread, long descriptor) throws ErrnoException {
        Path path = thread.file(descriptor).path();
        if (path == null) {
            throw Errno.EINVAL.exception();
        }
        return path;
    }

    private static long status(UnixThread thread, UserContext context, boolean follow, boolean wide)
            throws ErrnoException, IOException {
        FileStatus status = status(thread, AT_FDCWD, context.argument(0), follow, 0);
        thread.memory().write(context.argument(1), wide ? status.stat64() : status.stat());
        return 0;
    }

    static FileStatus status(UnixThread thread, long descriptor, long nameAt, boolean follow, long flags)
            throws ErrnoException, IOException {
        FileStatus proc = Paths.procStatus(thread, descriptor, nameAt, follow);
        if (proc != null) {
            return proc;
        }
        Path path = Paths.pathOrFile(thread, descriptor, nameAt, flags, Purpose.LOOK);
        PseudoTerminal terminal = thread.kernel().terminals().find(path.toString());
        return terminal != null ? terminal.status() : thread.kernel().nodes().status(path, follow);
    }

    private static long fstatat(UnixThread thread, UserContext context) throws ErrnoException, IOException {
        long descriptor = context.argument(0);
        long nameAt = context.argument(1);
        long flags = context.argument(3);
        if ((flags & ~AT_STATUS) != 0) {
            throw Errno.EINVAL.exception();
        }
        boolean empty = (flags & OpenFlags.AT_EMPTY_PATH) != 0 && thread.memory().readPath(nameAt).isEmpty();
        FileStatus status = empty && (int) descriptor != AT_FDCWD
                ? thread.file(descriptor).status()
                : status(thread, descriptor, nameAt, (flags & OpenFlags.AT_SYMLINK_NOFOLLOW) == 0, flags);
        thread.memory().write(context.argument(2), status.stat64());
        return 0;
    }

    private static long access(UnixThread thread, long descriptor, long nameAt, long mode, long flags)
            throws ErrnoException, IOException {
        if ((mode & ~7) != 0) {
            throw Errno.EINVAL.exception();
        }
        boolean follow = (flags & OpenFlags.AT_SYMLINK_NOFOLLOW) == 0;
        FileStatus proc = Paths.procStatus(thread, descriptor, nameAt, follow);
        if (proc != null) {
            if ((proc.mode() >> 6 & mode) != mode) {
                throw Errno.EACCES.exception();
            }
            return 0;
        }
        Path path = Paths.pathOrFile(thread, descriptor, nameAt, flags, follow ? Purpose.LOOK : Purpose.NAME);
        FileStatus status = thread.kernel().nodes().status(path, follow);
        if (!follow && status.is(FileStatus.S_IFLNK)) {
            return 0;
        }
        List<AccessMode> modes = new ArrayList<>();
        if ((mode & 4) != 0) {
            modes.add(AccessMode.READ);
        }
        if ((mode & 2) != 0) {
            modes.add(AccessMode.WRITE);
        }
        if ((mode & 1) != 0) {
            modes.add(AccessMode.EXECUTE);
        }
        path.getFileSystem().provider().checkAccess(path, modes.toArray(AccessMode[]::new));
        return 0;
    }

    private static long faccessat2(UnixThread thread, UserContext context) throws ErrnoException, IOException {
        long flags = context.argument(3);
        if ((flags & ~(OpenFlags.AT_EMPTY_PATH | OpenFlags.AT_SYMLINK_NOFOLLOW | AT_EACCESS)) != 0) {
            throw Errno.EINVAL.exception();
        }
        return access(thread, context.argument(0), context.argument(1), context.argument(2), flags);
    }

    private static long readlink(UnixThread thread, long descriptor, long nameAt, long to, long size)
            throws ErrnoException, IOException {
        if (size <= 0) {
            throw Errno.EINVAL.exception();
        }
        ProcNode node = Paths.proc(thread, descriptor, nameAt, false);
        if (node != null && !(node instanceof ProcNode.Link)) {
            throw Errno.EINVAL.exception();
        }
        String target = node instanceof ProcNode.Link link
                ? link.target()
                : Files.readSymbolicLink(Paths.path(thread, descriptor, nameAt, Purpose.NAME)).toString();
        byte[] bytes = target.getBytes(StandardCharsets.UTF_8);
        int length = (int) Math.min(bytes.length, size);
        thread.memory().write(to, bytes, 0, length);
        return length;
    }

    private static long chmod(UnixThread thread, Path path, long mode) throws IOException {
        // The whole mode, with set-user-id and the like, where the file system has it.
        if (path.getFileSystem().supportedFileAttributeViews().contains("unix")) {
            Files.setAttribute(path, "unix:mode", (int) mode & 07777);
        } else {
            Files.setPosixFilePermissions(path, HostFiles.permissions((int) mode));
        }
        thread.kernel().notices().changed(path, Notices.ATTRIB);
        return 0;
    }

    private static long chown(UnixThread thread, Path path, UserContext context, int argument)
            throws ErrnoException, IOException {
        FileStatus status = thread.kernel().nodes().status(path, false);
        int user = (int) context.argument(argument);
        int group = (int) context.argument(argument + 1);
        if (user != -1 && user != status.user() || group != -1 && group != status.group()) {
            throw Errno.EPERM.exception();
        }
        return 0;
    }

    private static long truncate(UnixThread thread, UserContext context) throws ErrnoException, IOException {
        Path path = Paths.path(thread, context.argument(0), Purpose.CHANGE);
        if (context.argument(1) < 0) {
            throw Errno.EINVAL.exception();
        }
        if (thread.kernel().nodes().status(path, true).is(FileStatus.S_IFDIR)) {
            throw Errno.EISDIR.exception();
        }
        FileSizes.check(thread, context.argument(1));
        try (SeekableByteChannel channel = Files.newByteChannel(path, StandardOpenOption.WRITE)) {
            RegularFile.resize(channel, context.argument(1));
        }
        thread.kernel().notices().changed(path, Notices.MODIFY);
        return 0;
    }

    private static long chdir(UnixThread thread, UserContext context) throws ErrnoException, IOException {
        ProcNode node = Paths.proc(thread, AT_FDCWD, context.argument(0), true);
        if (node instanceof ProcNode.Folder) {
            thread.setDirectory(Paths.procPath(thread, AT_FDCWD, context.argument(0)));
            return 0;
        }
        if (node != null) {
            throw Errno.ENOTDIR.exception();
        }
        return enter(thread, Paths.path(thread, context.argument(0), Purpose.LOOK));
    }

    private static long fchdir(UnixThread thread, UserContext context) throws ErrnoException, IOException {
        OpenFile file = thread.file(context.argument(0));
        return enter(thread, file.directory().path());
    }

    private static long enter(UnixThread thread, Path path) throws ErrnoException, IOException {
        Paths.needDirectory(path);
        path.getFileSystem().provider().checkAccess(path, AccessMode.EXECUTE);
        // The real path, as getcwd(2) is to tell it.
        thread.setDirectory(path.toRealPath());
        return 0;
    }

    private static long getcwd(UnixThread thread, UserContext context) throws ErrnoException, IOException {
        boolean proc = thread.directory().startsWith("/proc");
        if (!proc && !Files.exists(thread.directory())) {
            throw Errno.ENOENT.exception();
        }
        Path shown = proc
                ? thread.directory()
                : thread.kernel().lookup().find(thread.directory().toRealPath(), Purpose.SHOW);
        byte[] bytes = (shown + "\0").getBytes(StandardCharsets.UTF_8);
        if (bytes.length > context.argument(1)) {
            throw Errno.ERANGE.exception();
        }
        thread.memory().write(context.argument(0), bytes, 0, bytes.length);
        return bytes.length;
    }

    private static long umask(UnixThread thread, UserContext context) {
        int old = thread.umask();
        thread.setUmask((int) context.argument(0));
        return old;
    }

    private static long getdents64(UnixThread thread, UserContext context) throws ErrnoException, IOException {
        int size = Math.clamp(context.argument(2), 0, 64 * 1024);
        ByteBuffer entries = thread.file(context.argument(0)).directory().next(size);
        thread.memory().write(context.argument(1), entries.array(), 0, entries.limit());
        return entries.limit();
    }

    /** Entries as they were before: the name follows at once, and the kind is the last byte of the record. */
    private static long getdents(UnixThread thread, UserContext context) throws ErrnoException, IOException {
        int size = Math.clamp(context.argument(2) & 0xFFFFFFFFL, 0, 64 * 1024);
        ByteBuffer entries = thread.file(context.argument(0)).directory().next(size);
        byte[] bytes = entries.array();
        for (int at = 0; at < entries.limit(); at += entries.getShort(at + 16)) {
            byte kind = bytes[at + 18];
            int record = entries.getShort(at + 16);
            System.arraycopy(bytes, at + 19, bytes, at + 18, record - 19);
            bytes[at + record - 1] = kind;
        }
        thread.memory().write(context.argument(1), bytes, 0, entries.limit());
        return entries.limit();
    }

    /** {@code struct statfs} of bits/statfs.h. */
    private static long statfs(UnixThread thread, Path path, long to) throws ErrnoException, IOException {
        var store = Files.getFileStore(path);
        int block = 4096;
        ByteBuffer struct = UserMemory.struct(64);
        struct.putInt(0xEF53).putInt(block).putInt((int) Math.min(Integer.MAX_VALUE, store.getTotalSpace() / block));
        struct.putInt((int) Math.min(Integer.MAX_VALUE, store.getUnallocatedSpace() / block));
        struct.putInt((int) Math.min(Integer.MAX_VALUE, store.getUsableSpace() / block));
        struct.putInt(1 << 20).putInt(1 << 19).putInt(0).putInt(0).putInt(255).putInt(block);
        thread.memory().write(to, struct);
        return 0;
    }

    /** {@code struct statfs64} of asm-generic/statfs.h, with the Alpha's words of 32 bits. */
    private static long statfs64(UnixThread thread, Path path, UserContext context)
            throws ErrnoException, IOException {
        var store = Files.getFileStore(path);
        int block = 4096;
        ByteBuffer struct = UserMemory.struct(88);
        if (context.argument(1) != struct.capacity()) {
            throw Errno.EINVAL.exception();
        }
        struct.putInt(0xEF53).putInt(block).putLong(store.getTotalSpace() / block);
        struct.putLong(store.getUnallocatedSpace() / block).putLong(store.getUsableSpace() / block);
        struct.putLong(1 << 20).putLong(1 << 19).putLong(0).putInt(255).putInt(block);
        thread.memory().write(context.argument(2), struct);
        return 0;
    }
}
