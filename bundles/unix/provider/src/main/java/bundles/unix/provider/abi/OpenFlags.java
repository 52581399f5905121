package bundles.unix.provider.abi;

/** Flags of open(2) and constants of fcntl(2), lseek(2) and the {@code *at} calls (asm/fcntl.h, linux/fcntl.h). */
public final class OpenFlags {

    /** Access modes and their mask. */
    public static final int O_RDONLY = 0, O_WRONLY = 1, O_RDWR = 2, O_ACCMODE = 3;
    /** Status flags, which F_SETFL can change. */
    public static final int O_NONBLOCK = 04, O_APPEND = 010;
    /** Flags of the act of opening. */
    public static final int O_CREAT = 01000, O_TRUNC = 02000, O_EXCL = 04000, O_NOCTTY = 010000, O_DIRECTORY = 0100000,
            O_NOFOLLOW = 0200000, O_LARGEFILE = 0400000, O_CLOEXEC = 010000000, O_PATH = 040000000;
    /** An unnamed file in a directory; comes with O_DIRECTORY. */
    public static final int O_TMPFILE = 0100000000;

    /** "The working directory" as a directory descriptor. */
    public static final int AT_FDCWD = -100;
    /** Flags of the {@code *at} calls. */
    public static final int AT_SYMLINK_NOFOLLOW = 0x100, AT_REMOVEDIR = 0x200, AT_SYMLINK_FOLLOW = 0x400,
            AT_EMPTY_PATH = 0x1000;

    private OpenFlags() {}
}
