package bundles.unix.provider.proc;

import bundles.unix.provider.file.FileStatus;
import bundles.unix.provider.file.OpenFile;
import java.util.Map;
import java.util.function.Supplier;

/** What there is at a path of {@code /proc} (proc(5)): a look at the kernel's state, made when it is asked for. */
public sealed interface ProcNode {

    /** Type and permissions. */
    int mode();

    /**
     * Status as programs see it.
     *
     * @param path where it is
     * @param user whose it is
     * @param group whose it is
     */
    default FileStatus status(String path, int user, int group) {
        return new FileStatus(3, path.hashCode() & 0x7FFF_FFFFL | 0x8000_0000L, mode(),
                (mode() & FileStatus.S_IFMT) == FileStatus.S_IFDIR ? 2 : 1, user, group, 0, 0, 0, 0, 0);
    }

    /**
     * A folder.
     *
     * @param entries names and types ({@link FileStatus#S_IFDIR} ...)
     */
    record Folder(Map<String, Integer> entries) implements ProcNode {
        @Override
        public int mode() {
            return FileStatus.S_IFDIR | 0555;
        }
    }

    /**
     * A file.
     *
     * @param content made anew each time it is read from the start
     */
    record Text(Supplier<String> content) implements ProcNode {
        @Override
        public int mode() {
            return FileStatus.S_IFREG | 0444;
        }
    }

    /**
     * A link.
     *
     * @param target as readlink(2) tells it
     * @param file what opening it opens again, if it has no path; else null
     */
    record Link(String target, OpenFile file) implements ProcNode {
        @Override
        public int mode() {
            return FileStatus.S_IFLNK | 0777;
        }
    }
}
