package bundles.unix.provider.call;

import static bundles.unix.provider.call.Call.partly;

import bundles.unix.api.PathLookup.Purpose;
import bundles.unix.provider.abi.Errno;
import bundles.unix.provider.abi.ErrnoException;
import bundles.unix.provider.abi.OpenFlags;
import bundles.unix.provider.file.ChannelFile;
import bundles.unix.provider.file.Directory;
import bundles.unix.provider.file.Fifo;
import bundles.unix.provider.file.FileStatus;
import bundles.unix.provider.file.HostFiles;
import bundles.unix.provider.file.Notices;
import bundles.unix.provider.file.OpenFile;
import bundles.unix.provider.file.RegularFile;
import bundles.unix.provider.file.SpecialFile;
import bundles.unix.provider.proc.ProcDirectory;
import bundles.unix.provider.proc.ProcFile;
import bundles.unix.provider.proc.ProcNode;
import bundles.unix.provider.process.UnixThread;
import bundles.unix.provider.file.PathFile;
import bundles.unix.provider.file.PseudoTerminal;
import bundles.unix.provider.process.PseudoTerminals;
import bundles.unix.provider.process.ControllingTerminal;
import java.nio.ByteBuffer;
import bundles.unix.provider.abi.UserMemory;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import kernel.core.machine.UserContext;

/** open(2), openat(2). */
final class OpenCalls {

    private static final String MISSING = "no O_SYNC, O_DIRECT; what O_TMPFILE makes gets no name; opening a FIFO of the host's cannot be interrupted";

    /** Size of {@code struct open_how}, flags that there are, and what is looked up in any case (linux/openat2.h, asm/fcntl.h). */
    private static final int OPEN_HOW = 24, RESOLVE_NO_MAGICLINKS = 2;
    private static final long OPEN_FLAGS = 0176777017L;
    /** linux/memfd.h: MFD_CLOEXEC, MFD_ALLOW_SEALING, MFD_NOEXEC_SEAL and MFD_EXEC; longest name. */
    private static final int MFD_CLOEXEC = 1, MFD_ALL = 0x1B, MEMORY_NAME = 249;

    private OpenCalls() {}

    static List<Call> calls() {
        return List.of(partly(45, "open", "sxo", MISSING,
                (p, c) -> open(p, OpenFlags.AT_FDCWD, c.argument(0), (int) c.argument(1), (int) c.argument(2))),
                partly(450, "openat", "fsxo", MISSING,
                        (p, c) -> open(p, c.argument(0), c.argument(1), (int) c.argument(2), (int) c.argument(3))),
                partly(547, "openat2", "fsxd", "as openat; no RESOLVE_ but NO_MAGICLINKS", OpenCalls::openAs),
                partly(512, "memfd_create", "sx", "no large pages; a file of the host's without a name; no seals",
                        OpenCalls::inMemory),
                partly(8, "osf_old_creat", "so", "as open", OpenCalls::creat));
    }

    private static long creat(UnixThread thread, UserContext context) throws ErrnoException, IOException {
        return open(thread, OpenFlags.AT_FDCWD, context.argument(0),
                OpenFlags.O_CREAT | OpenFlags.O_TRUNC | OpenFlags.O_WRONLY, (int) context.argument(1));
    }

    /** openat2(2). */
    private static long openAs(UnixThread thread, UserContext context) throws ErrnoException, IOException {
        long size = context.argument(3);
        if (size < OPEN_HOW) {
            throw Errno.EINVAL.exception();
        }
        if (size > UserMemory.PATH_MAX) {
            throw Errno.E2BIG.exception();
        }
        ByteBuffer how = thread.memory().read(context.argument(2), (int) size);
        for (int at = OPEN_HOW; at < size; at++) {
            if (how.get(at) != 0) {
                throw Errno.E2BIG.exception();
            }
        }
        long flags = how.getLong(0);
        long mode = how.getLong(8);
        boolean makes = (flags & (OpenFlags.O_CREAT | OpenFlags.O_TMPFILE)) != 0;
        if ((flags & ~OPEN_FLAGS) != 0 || (mode & ~07777) != 0 || mode != 0 && !makes
                || (how.getLong(16) & ~RESOLVE_NO_MAGICLINKS) != 0) {
            throw Errno.EINVAL.exception();
        }
        return open(thread, context.argument(0), context.argument(1), (int) flags, (int) mode);
    }

    /** memfd_create(2): a file without a name, in the host's memory where that has a folder for it. */
    private static long inMemory(UnixThread thread, UserContext context) throws ErrnoException, IOException {
        byte[] name;
        try {
            name = thread.memory().readString(context.argument(0), MEMORY_NAME);
        } catch (ErrnoException e) {
            throw e.errno() == Errno.E2BIG ? Errno.EINVAL.exception() : e;
        }
        long flags = context.argument(1);
        if (name.length > MEMORY_NAME || (flags & ~MFD_ALL) != 0) {
            throw Errno.EINVAL.exception();
        }
        Path folder = thread.kernel().files().getPath("/dev/shm");
        if (!Files.isWritable(folder)) {
            folder = thread.kernel().files().getPath("/tmp");
        }
        OpenFile file = unnamed(thread, folder, OpenFlags.O_TMPFILE | OpenFlags.O_DIRECTORY | OpenFlags.O_RDWR, 0777);
        try {
            return thread.files().add(file, (flags & MFD_CLOEXEC) != 0);
        } catch (ErrnoException e) {
            file.release();
            throw e;
        }
    }

    private static long open(UnixThread thread, long directory, long nameAt, int flags, int mode)
            throws ErrnoException, IOException {
        if ((flags & OpenFlags.O_ACCMODE) == OpenFlags.O_ACCMODE) {
            throw Errno.EINVAL.exception();
        }
        String name = thread.memory().readPath(nameAt);
        OpenFile file;
        if ((flags & OpenFlags.O_PATH) != 0) {
            file = place(thread, directory, nameAt, flags);
        } else if ((flags & OpenFlags.O_TMPFILE) != 0) {
            file = unnamed(thread, Paths.path(thread, directory, nameAt, Purpose.CHANGE), flags,
                    mode & ~thread.umask());
        } else {
            file = special(thread, name, flags);
        }
        if (file == null) {
            file = proc(thread, directory, nameAt, flags);
        }
        if (file == null) {
            Path path = Paths.path(thread, directory, nameAt, purpose(flags));
            file = open(thread, path, flags, mode & ~thread.umask());
            if (file instanceof RegularFile regular) {
                regular.tell(thread.kernel().notices());
            }
        }
        try {
            return thread.files().add(file, (flags & OpenFlags.O_CLOEXEC) != 0);
        } catch (ErrnoException e) {
            file.release();
            throw e;
        }
    }

    private static Purpose purpose(int flags) {
        boolean writes = (flags & OpenFlags.O_ACCMODE) != OpenFlags.O_RDONLY || (flags & OpenFlags.O_TRUNC) != 0;
        return (flags & OpenFlags.O_CREAT) != 0
                ? Purpose.MAKE
                : (flags & OpenFlags.O_NOFOLLOW) != 0 ? Purpose.NAME : writes ? Purpose.CHANGE : Purpose.LOOK;
    }

    /** Files that the kernel has itself, or null. */
    private static OpenFile special(UnixThread thread, String name, int flags) throws ErrnoException {
        int kept = kept(flags);
        SpecialFile.Kind kind = SpecialFile.Kind.of(name);
        if (kind != null) {
            return new SpecialFile(kind, kept, thread.kernel().random());
        }
        if (name.equals(PseudoTerminals.MASTER) || name.equals("/dev/pts/ptmx")) {
            return thread.kernel().terminals().create(kept);
        }
        PseudoTerminal terminal = thread.kernel().terminals().find(name);
        if (terminal != null) {
            return slave(thread, terminal, flags);
        }
        if (PseudoTerminals.FOLDER.startsWith(name) && name.length() >= PseudoTerminals.FOLDER.length() - 1) {
            return terminals(thread, name, flags);
        }
        if (name.startsWith(PseudoTerminals.FOLDER)) {
            throw Errno.ENOENT.exception(); // the host's are not ours
        }
        ControllingTerminal own = thread.process().family().terminal();
        if (name.equals("/dev/tty") && own != null && own.device() != null) {
            return own.device().slave(PseudoTerminals.path(thread, own.device()), kept);
        }
        int descriptor = switch (name) {
            case "/dev/stdin" -> 0;
            case "/dev/stdout" -> 1;
            case "/dev/stderr" -> 2;
            case "/dev/tty" -> terminal(thread);
            default -> -1;
        };
        if (descriptor < 0) {
            return null;
        }
        OpenFile file = thread.file(descriptor);
        file.retain();
        return file;
    }

    /** A place and nothing more. Other flags but O_DIRECTORY and O_NOFOLLOW do not count. */
    private static OpenFile place(UnixThread thread, long directory, long nameAt, int flags)
            throws ErrnoException, IOException {
        boolean follow = (flags & OpenFlags.O_NOFOLLOW) == 0;
        if (Paths.proc(thread, directory, nameAt, follow) != null) {
            return proc(thread, directory, nameAt, flags & ~OpenFlags.O_ACCMODE);
        }
        Path path = Paths.path(thread, directory, nameAt, Purpose.LOOK);
        FileStatus status = thread.kernel().nodes().status(path, follow);
        if ((flags & OpenFlags.O_DIRECTORY) != 0 && !status.is(FileStatus.S_IFDIR)) {
            throw Errno.ENOTDIR.exception();
        }
        return new PathFile(path, follow, thread.kernel().nodes(), thread.kernel().lookup(),
                thread.kernel().entries());
    }

    /** A file without a name in a directory: it has one for a moment, because java.nio knows no other way. */
    private static OpenFile unnamed(UnixThread thread, Path directory, int flags, int mode)
            throws ErrnoException, IOException {
        if ((flags & OpenFlags.O_DIRECTORY) == 0 || (flags & OpenFlags.O_ACCMODE) == OpenFlags.O_RDONLY) {
            throw Errno.EINVAL.exception();
        }
        Paths.needDirectory(directory);
        byte[] random = new byte[8];
        thread.kernel().random().fill(random);
        Path path = directory.resolve(".unnamed-" + HexFormat.of().formatHex(random));
        int creating = flags & (OpenFlags.O_ACCMODE | OpenFlags.O_APPEND | OpenFlags.O_NONBLOCK) | OpenFlags.O_CREAT
                | OpenFlags.O_EXCL | OpenFlags.O_TMPFILE;
        OpenFile file = open(thread, path, creating, mode);
        Files.delete(path);
        return file;
    }

    /** The folder of pseudo-terminals: this kernel's. */
    private static OpenFile terminals(UnixThread thread, String name, int flags) throws ErrnoException {
        if ((flags & OpenFlags.O_ACCMODE) != OpenFlags.O_RDONLY || (flags & OpenFlags.O_CREAT) != 0) {
            throw Errno.EISDIR.exception();
        }
        Map<String, Integer> entries = new LinkedHashMap<>();
        entries.put("ptmx", FileStatus.S_IFCHR);
        thread.kernel().terminals().all()
                .forEach(one -> entries.put(Integer.toString(one.number()), FileStatus.S_IFCHR));
        var folder = new ProcNode.Folder(entries);
        return new ProcDirectory(thread.kernel().files().getPath(name), folder,
                folder.status(name, thread.kernel().user(), thread.kernel().group()), kept(flags));
    }

    private static OpenFile slave(UnixThread thread, PseudoTerminal terminal, int flags) throws ErrnoException {
        if ((flags & OpenFlags.O_DIRECTORY) != 0) {
            throw Errno.ENOTDIR.exception();
        }
        OpenFile file = terminal.slave(PseudoTerminals.path(thread, terminal), kept(flags));
        if ((flags & OpenFlags.O_NOCTTY) == 0) {
            thread.process().family().offer((ControllingTerminal) file.terminal().control());
        }
        return file;
    }

    /** A file of /proc, or null. */
    private static OpenFile proc(UnixThread thread, long directory, long nameAt, int flags)
            throws ErrnoException, IOException {
        ProcNode node = Paths.proc(thread, directory, nameAt, (flags & OpenFlags.O_NOFOLLOW) == 0);
        if (node == null) {
            return null;
        }
        boolean writes = (flags & OpenFlags.O_ACCMODE) != OpenFlags.O_RDONLY;
        if (writes && !(node instanceof ProcNode.Link)) {
            throw (node instanceof ProcNode.Folder ? Errno.EISDIR : Errno.EACCES).exception();
        }
        if ((flags & OpenFlags.O_DIRECTORY) != 0 && node instanceof ProcNode.Text) {
            throw Errno.ENOTDIR.exception();
        }
        Path path = Paths.procPath(thread, directory, nameAt);
        FileStatus status = node.status(path.toString(), thread.kernel().user(), thread.kernel().group());
        return switch (node) {
            case ProcNode.Folder folder -> new ProcDirectory(path, folder, status, kept(flags));
            case ProcNode.Text text -> new ProcFile(text, status, kept(flags));
            case ProcNode.Link link -> {
                if ((flags & OpenFlags.O_NOFOLLOW) != 0) {
                    throw Errno.ELOOP.exception();
                }
                if (link.file() != null && link.file().path() == null) {
                    link.file().retain();
                    yield link.file();
                }
                yield open(thread, thread.kernel().files().getPath(link.target()), flags, 0);
            }
        };
    }

    /** A descriptor of the controlling terminal. */
    private static int terminal(UnixThread thread) throws ErrnoException {
        for (int descriptor = 0; descriptor < 3; descriptor++) {
            try {
                thread.file(descriptor).terminal();
                return descriptor;
            } catch (ErrnoException e) {
                // Closed, or something else.
            }
        }
        throw Errno.ENXIO.exception();
    }

    private static int kept(int flags) {
        return flags & (OpenFlags.O_ACCMODE | OpenFlags.O_APPEND | OpenFlags.O_NONBLOCK);
    }

    private static OpenFile open(UnixThread thread, Path path, int flags, int mode) throws ErrnoException, IOException {
        boolean create = (flags & OpenFlags.O_CREAT) != 0;
        boolean exclusive = create && (flags & OpenFlags.O_EXCL) != 0;
        boolean follow = (flags & OpenFlags.O_NOFOLLOW) == 0 && !exclusive;
        FileStatus status = null;
        try {
            status = thread.kernel().nodes().status(path, follow);
        } catch (NoSuchFileException e) {
            if (!create) {
                throw e;
            }
        }
        if (status == null) {
            if (path.endsWith(".")) {
                throw Errno.EISDIR.exception();
            }
            try {
                // Made first and opened then, for java.nio makes files only when it opens them for writing.
                Files.createFile(path, HostFiles.create(path, mode));
            } catch (FileAlreadyExistsException e) {
                if (exclusive || Files.isSymbolicLink(path)) {
                    return throughLink(thread, path, exclusive, flags, mode);
                }
            }
            OpenFile made = regular(thread, path, HostFiles.status(path, true), flags, mode);
            if ((flags & OpenFlags.O_TMPFILE) == 0) {
                thread.kernel().notices().made(path);
            }
            return made;
        }
        if (exclusive) {
            throw Errno.EEXIST.exception();
        }
        return existing(thread, path, status, flags);
    }

    /** A file is to be made where a symbolic link points to nothing: it is made there. */
    private static OpenFile throughLink(UnixThread thread, Path link, boolean exclusive, int flags, int mode)
            throws ErrnoException, IOException {
        if (exclusive) {
            throw Errno.EEXIST.exception();
        }
        if ((flags & OpenFlags.O_NOFOLLOW) != 0) {
            throw Errno.ELOOP.exception();
        }
        return open(thread, link.resolveSibling(Files.readSymbolicLink(link)), flags, mode);
    }

    private static OpenFile existing(UnixThread thread, Path path, FileStatus status, int flags)
            throws ErrnoException, IOException {
        boolean writes = (flags & OpenFlags.O_ACCMODE) != OpenFlags.O_RDONLY;
        if (writes) {
            thread.kernel().programs().forget(status);
        }
        if (status.is(FileStatus.S_IFLNK)) {
            throw Errno.ELOOP.exception();
        }
        if (status.is(FileStatus.S_IFDIR)) {
            if (writes || (flags & OpenFlags.O_CREAT) != 0) {
                throw Errno.EISDIR.exception();
            }
            if (!Files.isReadable(path)) {
                throw Errno.EACCES.exception();
            }
            return new Directory(path, kept(flags), thread.kernel().nodes(), thread.kernel().lookup(),
                    thread.kernel().entries());
        }
        if ((flags & OpenFlags.O_DIRECTORY) != 0) {
            throw Errno.ENOTDIR.exception();
        }
        if (thread.kernel().nodes().find(status) instanceof Fifo fifo) {
            return fifo.open(thread.signals(), kept(flags), status);
        }
        if (status.is(FileStatus.S_IFSOCK)) {
            throw Errno.ENXIO.exception();
        }
        if (!status.is(FileStatus.S_IFREG)) {
            SeekableByteChannel channel = Files.newByteChannel(path, options(flags));
            return new ChannelFile(channel, path, status, kept(flags));
        }
        OpenFile file = regular(thread, path, status, flags, -1);
        if (writes && (flags & OpenFlags.O_TRUNC) != 0) {
            thread.kernel().notices().changed(path, status, Notices.MODIFY);
        }
        return file;
    }

    /** Opens a regular file; one just made may be written whatever its mode says, {@code mode} is that or -1. */
    private static OpenFile regular(UnixThread thread, Path path, FileStatus status, int flags, int mode)
            throws IOException {
        Set<OpenOption> options = options(flags);
        boolean blocked = mode >= 0 && (mode & 0600) != 0600 && path.getFileSystem().supportedFileAttributeViews()
                .contains("posix");
        if (blocked) {
            Files.setPosixFilePermissions(path, HostFiles.permissions(mode | 0600));
        }
        try {
            SeekableByteChannel channel = thread.kernel().opener().open(path, options);
            return new RegularFile(channel, path, status, kept(flags));
        } finally {
            if (blocked) {
                Files.setPosixFilePermissions(path, HostFiles.permissions(mode));
            }
        }
    }

    private static Set<OpenOption> options(int flags) {
        Set<OpenOption> options = new HashSet<>();
        int access = flags & OpenFlags.O_ACCMODE;
        if (access != OpenFlags.O_WRONLY) {
            options.add(StandardOpenOption.READ);
        }
        if (access != OpenFlags.O_RDONLY) {
            options.add(StandardOpenOption.WRITE);
            if ((flags & OpenFlags.O_TRUNC) != 0) {
                options.add(StandardOpenOption.TRUNCATE_EXISTING);
            }
        }
        return options;
    }
}
