package bundles.unix.provider.file;

import bundles.unix.provider.abi.Errno;
import bundles.unix.provider.abi.ErrnoException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import kernel.core.machine.FileStatuses;

/** What system calls need of a java.nio file system beyond {@link Files}. */
public final class HostFiles {

    private static final LinkOption[] FOLLOW = {};
    private static final LinkOption[] NO_FOLLOW = {LinkOption.NOFOLLOW_LINKS};
    /** Permissions in the order of the bits of a mode, from 0400 down. */
    private static final PosixFilePermission[] BITS = {PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE,
            PosixFilePermission.OWNER_EXECUTE, PosixFilePermission.GROUP_READ, PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.GROUP_EXECUTE, PosixFilePermission.OTHERS_READ, PosixFilePermission.OTHERS_WRITE,
            PosixFilePermission.OTHERS_EXECUTE};

    /** All that {@link FileStatus} has, and not all that there is: names of owners are looked up in files. */
    private static final String STATUS = "unix:dev,ino,mode,nlink,uid,gid,rdev,size,lastAccessTime,lastModifiedTime,ctime";

    /** Asked first. One for all of the bundle, as it holds nothing: what it tells depends on the path alone. */
    private static volatile FileStatuses shorter = FileStatuses.NONE;

    private HostFiles() {}

    /** Lets the machine tell status from now on, where it knows a shorter way than java.nio is. */
    public static void use(FileStatuses statuses) {
        shorter = statuses;
    }

    /** Options for following the last symbolic link of a path, or not. */
    public static LinkOption[] links(boolean follow) {
        return follow ? FOLLOW : NO_FOLLOW;
    }

    /** Status of a file; where the file system is not a UNIX one, made up from what it tells. */
    public static FileStatus status(Path path, boolean follow) throws IOException {
        FileStatuses.Status known = shorter.of(path, follow);
        return known == null ? plain(path, follow) : FileStatus.of(known);
    }

    private static FileStatus plain(Path path, boolean follow) throws IOException {
        if (!path.getFileSystem().supportedFileAttributeViews().contains("unix")) {
            return fallback(path, links(follow));
        }
        Map<String, Object> all;
        try {
            all = Files.readAttributes(path, STATUS, links(follow));
        } catch (NoSuchFileException e) {
            throw hasFileAbove(path) ? new NotDirectoryException(path.toString()) : e;
        }
        return new FileStatus((Long) all.get("dev"), (Long) all.get("ino"), (Integer) all.get("mode"),
                (Integer) all.get("nlink"), (Integer) all.get("uid"), (Integer) all.get("gid"), (Long) all.get("rdev"),
                (Long) all.get("size"), time(all.get("lastAccessTime")), time(all.get("lastModifiedTime")),
                time(all.get("ctime")));
    }

    /** Whether something above a path is no directory; java.nio says only that the path does not exist. */
    public static boolean hasFileAbove(Path path) {
        for (Path above = path.getParent(); above != null; above = above.getParent()) {
            if (Files.exists(above)) {
                return !Files.isDirectory(above);
            }
        }
        return false;
    }

    private static FileStatus fallback(Path path, LinkOption[] links) throws IOException {
        BasicFileAttributes basic = Files.readAttributes(path, BasicFileAttributes.class, links);
        int type = basic.isDirectory()
                ? FileStatus.S_IFDIR | 0111
                : basic.isSymbolicLink()
                        ? FileStatus.S_IFLNK | 0111
                        : FileStatus.S_IFREG;
        int mode = type | 0444 | (path.getFileSystem().isReadOnly() ? 0 : 0200);
        long inode = basic.fileKey() == null
                ? path.toAbsolutePath().normalize().hashCode() & 0xFFFFFFFFL
                : basic.fileKey().hashCode() & 0xFFFFFFFFL;
        return new FileStatus(1, inode, mode, 1, 0, 0, 0, basic.size(), time(basic.lastAccessTime()),
                time(basic.lastModifiedTime()), time(basic.lastModifiedTime()));
    }

    private static long time(Object time) {
        return time instanceof FileTime known ? known.to(TimeUnit.NANOSECONDS) : 0;
    }

    /** The permissions of a mode. */
    public static Set<PosixFilePermission> permissions(int mode) {
        Set<PosixFilePermission> set = EnumSet.noneOf(PosixFilePermission.class);
        for (int i = 0; i < BITS.length; i++) {
            if ((mode & 0400 >> i) != 0) {
                set.add(BITS[i]);
            }
        }
        return set;
    }

    /** Attributes that give a new file in a file system a mode; none where it has no such thing. */
    public static FileAttribute<?>[] create(Path path, int mode) {
        if (!path.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            return new FileAttribute<?>[0];
        }
        return new FileAttribute<?>[]{PosixFilePermissions.asFileAttribute(permissions(mode))};
    }

    /**
     * Resolves a path name against a directory, as path_resolution(7) says.
     *
     * @throws ErrnoException ENOENT if it is empty, ENAMETOOLONG
     */
    public static Path resolve(Path directory, String name) throws ErrnoException {
        if (name.isEmpty()) {
            throw Errno.ENOENT.exception();
        }
        for (String part : name.split("/")) {
            if (part.length() > 255) {
                throw Errno.ENAMETOOLONG.exception();
            }
        }
        try {
            // A final "/." keeps what a final slash says: that it is a directory. java.nio would drop the slash.
            return directory.resolve(name.length() > 1 && name.endsWith("/") ? name + "." : name);
        } catch (RuntimeException e) {
            ErrnoException known = FileErrors.of(e);
            if (known == null) {
                throw e;
            }
            throw known;
        }
    }

    /** The path without the "/." that {@link #resolve} may have added, for calls that make or remove its last part. */
    public static Path entry(Path path) {
        Path last = path.getFileName();
        return last != null && last.toString().equals(".") && path.getParent() != null ? path.getParent() : path;
    }
}
