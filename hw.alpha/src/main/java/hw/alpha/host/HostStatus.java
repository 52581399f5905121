package hw.alpha.host;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import kernel.core.machine.FileStatuses.Status;

/**
 * Status of files of a Linux host by statx(2), whose structure is the same on all machines (linux/stat.h). Thread-safe: holds nothing.
 */
public final class HostStatus {

    private static final int AT_FDCWD = -100, AT_SYMLINK_NOFOLLOW = 0x100, AT_EMPTY_PATH = 0x1000;
    private static final int STATX_BASIC_STATS = 0x7ff;
    /** Offsets in {@code struct statx}. */
    private static final int LINKS = 16, USER = 20, GROUP = 24, MODE = 28, INODE = 32, SIZE = 40, ACCESSED = 64,
            CHANGED = 96, MODIFIED = 112, SPECIAL = 128, DEVICE = 136;
    private static final int STRUCT = 256;
    /** errno.h, as on all machines that Linux runs a JVM on. */
    private static final int ENOENT = 2, EACCES = 13, ENOTDIR = 20;
    private static final long SECOND = 1_000_000_000L;
    private static final boolean LINUX = System.getProperty("os.name").equals("Linux");

    /** The host's function, looked up when it is first asked. */
    private static final class Calls {
        static final Libc STATX = new Libc("statx");
    }

    private HostStatus() {}

    /** As {@link kernel.core.machine.FileStatuses#of}; null if the file is not the host's, or java.nio alone knows its name in bytes. */
    public static Status of(Path path, boolean follow) throws IOException {
        if (!LINUX || path.getFileSystem() != FileSystems.getDefault()) {
            return null;
        }
        String name = path.toAbsolutePath().toString();
        Scratch scratch = Scratch.take();
        try {
            if (!scratch.name(name, STRUCT)) {
                return null;
            }
            int flags = follow ? 0 : AT_SYMLINK_NOFOLLOW;
            int errno = -Calls.STATX.attempt(scratch.state, AT_FDCWD, scratch.address + STRUCT, flags,
                    STATX_BASIC_STATS, scratch.address);
            if (errno != 0) {
                throw failed(name, errno);
            }
            return status(scratch.bytes);
        } finally {
            scratch.give();
        }
    }

    /** Of an open file. */
    static Status of(int descriptor) throws Libc.Failed {
        Scratch scratch = Scratch.take();
        try {
            scratch.bytes.set(ValueLayout.JAVA_BYTE, STRUCT, (byte) 0);
            int errno = -Calls.STATX.attempt(scratch.state, descriptor, scratch.address + STRUCT, AT_EMPTY_PATH,
                    STATX_BASIC_STATS, scratch.address);
            if (errno != 0) {
                throw new Libc.Failed(errno);
            }
            return status(scratch.bytes);
        } finally {
            scratch.give();
        }
    }

    private static Status status(MemorySegment s) {
        return new Status(device(s, DEVICE), s.get(ValueLayout.JAVA_LONG, INODE),
                Short.toUnsignedInt(s.get(ValueLayout.JAVA_SHORT, MODE)), s.get(ValueLayout.JAVA_INT, LINKS),
                s.get(ValueLayout.JAVA_INT, USER), s.get(ValueLayout.JAVA_INT, GROUP), device(s, SPECIAL),
                s.get(ValueLayout.JAVA_LONG, SIZE), time(s, ACCESSED), time(s, MODIFIED), time(s, CHANGED));
    }

    /** Major and minor number as makedev(3) puts them together. */
    private static long device(MemorySegment s, int at) {
        long major = Integer.toUnsignedLong(s.get(ValueLayout.JAVA_INT, at));
        long minor = Integer.toUnsignedLong(s.get(ValueLayout.JAVA_INT, at + 4));
        return (major & 0xfff) << 8 | (major & ~0xfffL) << 32 | minor & 0xff | (minor & ~0xffL) << 12;
    }

    private static long time(MemorySegment s, int at) {
        return s.get(ValueLayout.JAVA_LONG, at) * SECOND + s.get(ValueLayout.JAVA_INT, at + 8);
    }

    private static IOException failed(String name, int errno) {
        return switch (errno) {
            case ENOENT -> new Missing(name);
            case ENOTDIR -> new BelowFile(name);
            case EACCES -> new AccessDeniedException(name);
            default -> new FileSystemException(name, null, Libc.text(errno));
        };
    }

    /** Without a trace of the stack: programs ask for files that are not there all the time. */
    private static final class Missing extends NoSuchFileException {
        private static final long serialVersionUID = 1;

        Missing(String name) {
            super(name);
        }

        @Override
        public synchronized Throwable fillInStackTrace() {
            return this;
        }
    }

    /** Without a trace of the stack, too. */
    private static final class BelowFile extends NotDirectoryException {
        private static final long serialVersionUID = 1;

        BelowFile(String name) {
            super(name);
        }

        @Override
        public synchronized Throwable fillInStackTrace() {
            return this;
        }
    }
}
