package bundles.unix.provider.call;

import bundles.unix.provider.abi.Errno;
import bundles.unix.provider.abi.ErrnoException;
import bundles.unix.provider.abi.OpenFlags;
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
    static Path path(UnixThread thread, long nameAt) throws ErrnoException {
        return resolve(thread, thread.directory(), thread.memory().readPath(nameAt));
    }

    /** The path that a name stands for, from a directory's descriptor. */
    static Path path(UnixThread thread, long descriptor, long nameAt) throws ErrnoException {
        String name = thread.memory().readPath(nameAt);
        if (name.isEmpty()) {
            throw Errno.ENOENT.exception();
        }
        return name.startsWith("/")
                ? resolve(thread, thread.directory(), name)
                : resolve(thread, directory(thread, descriptor), name);
    }

    /** As {@link #path(UnixProcess, long, long)}; with AT_EMPTY_PATH an empty name means the descriptor's file. */
    static Path pathOrFile(UnixThread thread, long descriptor, long nameAt, long flags) throws ErrnoException {
        if ((flags & OpenFlags.AT_EMPTY_PATH) != 0 && thread.memory().readPath(nameAt).isEmpty()) {
            Path path = (int) descriptor == OpenFlags.AT_FDCWD
                    ? thread.directory()
                    : thread.file(descriptor).path();
            if (path == null) {
                throw Errno.EOPNOTSUPP.exception();
            }
            return path;
        }
        return path(thread, descriptor, nameAt);
    }

    /** As {@link #path(UnixProcess, long, long)}, for a name that is to be made or removed. */
    static Path entry(UnixThread thread, long descriptor, long nameAt) throws ErrnoException {
        return HostFiles.entry(path(thread, descriptor, nameAt));
    }

    private static Path directory(UnixThread thread, long descriptor) throws ErrnoException {
        if ((int) descriptor == OpenFlags.AT_FDCWD) {
            return thread.directory();
        }
        OpenFile file = thread.file(descriptor);
        return file.directory().path();
    }

    /** The only file of /proc that there is: the link to the program, under its names. */
    private static Path resolve(UnixThread thread, Path directory, String name) throws ErrnoException {
        if (name.equals("/proc/self/exe") || name.equals("/proc/" + thread.process().id() + "/exe")) {
            return thread.process().executable();
        }
        Path path = thread.kernel().inSystem(HostFiles.resolve(directory, name));
        if (path.startsWith("/proc")) {
            // The host's processes are not ours.
            throw Errno.ENOENT.exception();
        }
        return path;
    }

    /** The path that a name stands for, from the working directory. */
    static Path named(UnixThread thread, String name) throws ErrnoException {
        return resolve(thread, thread.directory(), name);
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
