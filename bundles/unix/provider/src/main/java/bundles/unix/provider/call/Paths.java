package bundles.unix.provider.call;

import bundles.unix.api.PathLookup.Purpose;
import bundles.unix.provider.abi.Errno;
import bundles.unix.provider.abi.ErrnoException;
import bundles.unix.provider.abi.OpenFlags;
import bundles.unix.provider.file.FileErrors;
import bundles.unix.provider.file.FileStatus;
import bundles.unix.provider.file.HostFiles;
import bundles.unix.provider.file.OpenFile;
import bundles.unix.provider.proc.ProcNode;
import bundles.unix.provider.proc.ProcTree;
import bundles.unix.provider.process.UnixThread;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Path names in arguments of system calls. */
final class Paths {

    private Paths() {}

    /** The path that a name stands for, from the working directory. */
    static Path path(UnixThread thread, long nameAt, Purpose purpose) throws ErrnoException, IOException {
        return resolve(thread, thread.directory(), thread.memory().readPath(nameAt), purpose);
    }

    /** The path that a name stands for, from a directory's descriptor. */
    static Path path(UnixThread thread, long descriptor, long nameAt, Purpose purpose)
            throws ErrnoException, IOException {
        String name = thread.memory().readPath(nameAt);
        if (name.isEmpty()) {
            throw Errno.ENOENT.exception();
        }
        return name.startsWith("/")
                ? resolve(thread, thread.directory(), name, purpose)
                : resolve(thread, directory(thread, descriptor), name, purpose);
    }

    /** As {@link #path(UnixThread, long, long, Purpose)}; with AT_EMPTY_PATH an empty name means the descriptor's file. */
    static Path pathOrFile(UnixThread thread, long descriptor, long nameAt, long flags, Purpose purpose)
            throws ErrnoException, IOException {
        if ((flags & OpenFlags.AT_EMPTY_PATH) != 0 && thread.memory().readPath(nameAt).isEmpty()) {
            Path path = (int) descriptor == OpenFlags.AT_FDCWD
                    ? thread.directory()
                    : thread.file(descriptor).path();
            if (path == null) {
                throw Errno.EOPNOTSUPP.exception();
            }
            return path;
        }
        return path(thread, descriptor, nameAt, purpose);
    }

    /** As {@link #path(UnixThread, long, long, Purpose)}, for a name that is to be made. */
    static Path entry(UnixThread thread, long descriptor, long nameAt) throws ErrnoException, IOException {
        return HostFiles.entry(path(thread, descriptor, nameAt, Purpose.MAKE));
    }

    private static Path directory(UnixThread thread, long descriptor) throws ErrnoException {
        if ((int) descriptor == OpenFlags.AT_FDCWD) {
            return thread.directory();
        }
        OpenFile file = thread.file(descriptor);
        return file.directory().path();
    }

    /** The only file of /proc that there is: the link to the program, under its names. */
    private static Path resolve(UnixThread thread, Path directory, String name, Purpose purpose)
            throws ErrnoException, IOException {
        if (name.equals("/proc/self/exe") || name.equals("/proc/" + thread.process().id() + "/exe")) {
            return thread.process().executable();
        }
        Path path = thread.kernel().lookup().find(HostFiles.resolve(directory, name), purpose);
        if (path.startsWith("/proc")) {
            // The host's processes are not ours.
            throw Errno.ENOENT.exception();
        }
        return path;
    }

    /** The path that a name stands for, from the working directory. */
    static Path named(UnixThread thread, String name) throws ErrnoException {
        try {
            return resolve(thread, thread.directory(), name, Purpose.LOOK);
        } catch (IOException e) {
            throw FileErrors.of(e);
        }
    }

    /**
     * What is at a name within {@code /proc}; null if the name leads elsewhere.
     *
     * @param follow whether a link within it, at the end of the name, is followed
     * @throws ErrnoException ENOENT: nothing
     */
    static ProcNode proc(UnixThread thread, long descriptor, long nameAt, boolean follow) throws ErrnoException {
        Path path = procPath(thread, descriptor, nameAt);
        return path == null ? null : ProcTree.find(thread, path.toString(), follow);
    }

    /** The path that a name within {@code /proc} stands for; null if it leads elsewhere. */
    static Path procPath(UnixThread thread, long descriptor, long nameAt) throws ErrnoException {
        String name = thread.memory().readPath(nameAt);
        boolean absolute = name.startsWith("/");
        if (name.isEmpty() || absolute && !name.contains("proc")) {
            return null;
        }
        Path from = absolute ? thread.directory() : directory(thread, descriptor);
        if (!absolute && !from.startsWith("/proc") && !name.contains("proc")) {
            return null;
        }
        Path path = HostFiles.resolve(from, name).normalize();
        return path.startsWith("/proc") ? path : null;
    }

    /** Status of what is at a name within {@code /proc}; null if the name leads elsewhere. */
    static FileStatus procStatus(UnixThread thread, long descriptor, long nameAt, boolean follow)
            throws ErrnoException, IOException {
        ProcNode node = proc(thread, descriptor, nameAt, follow);
        if (node == null) {
            return null;
        }
        if (follow && node instanceof ProcNode.Link(String target, OpenFile file)) {
            return file != null ? file.status() : HostFiles.status(thread.kernel().files().getPath(target), true);
        }
        Path path = procPath(thread, descriptor, nameAt);
        return node.status(path.toString(), thread.kernel().user(), thread.kernel().group());
    }

    /** The path of a program to run. */
    static String execPath(UnixThread thread, String name) {
        return isExecutableLink(thread, name) ? thread.process().executable().toString() : name;
    }

    /** Whether a name is that of the link to the program. */
    static boolean isExecutableLink(UnixThread thread, String name) {
        return name.equals("/proc/self/exe") || name.equals("/proc/" + thread.process().id() + "/exe");
    }

    /** Checks that a path is that of a directory. */
    static Path needDirectory(Path path) throws ErrnoException {
        if (!Files.exists(path)) {
            throw Errno.ENOENT.exception();
        }
        if (!Files.isDirectory(path)) {
            throw Errno.ENOTDIR.exception();
        }
        return path;
    }
}
