package bundles.unix.provider.call;

import static bundles.unix.provider.call.Call.partly;

import bundles.unix.provider.abi.Errno;
import bundles.unix.provider.abi.ErrnoException;
import bundles.unix.provider.abi.OpenFlags;
import bundles.unix.provider.file.FileLocks;
import bundles.unix.provider.file.FileLocks.Lock;
import bundles.unix.provider.file.OpenFile;
import bundles.unix.provider.process.UnixThread;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import kernel.core.machine.UserContext;

/** Locks on files: fcntl(2), flock(2). */
final class LockCalls {

    /** Commands of fcntl(2): of processes, and of open files (asm/fcntl.h). */
    static final int F_GETLK = 7, F_SETLK = 8, F_SETLKW = 9, F_OFD_GETLK = 36, F_OFD_SETLK = 37, F_OFD_SETLKW = 38;

    private static final short F_RDLCK = 1, F_WRLCK = 2, F_UNLCK = 8;
    private static final int FLOCK = 32, START = 8, LENGTH = 16, PROCESS = 24;
    private static final int LOCK_SH = 1, LOCK_EX = 2, LOCK_NB = 4, LOCK_UN = 8;

    private LockCalls() {}

    static List<Call> calls() {
        return List.of(partly(131, "flock", "fd", "holds between this kernel's processes only", LockCalls::flock));
    }

    /** fcntl(2) with one of the commands above. */
    static long fcntl(UnixThread thread, OpenFile file, int command, long address)
            throws ErrnoException, IOException {
        ByteBuffer flock = thread.memory().read(address, FLOCK);
        boolean ofFile = command >= F_OFD_GETLK;
        if (ofFile && flock.getInt(PROCESS) != 0) {
            throw Errno.EINVAL.exception();
        }
        short type = flock.getShort(0);
        if (type != F_RDLCK && type != F_WRLCK && type != F_UNLCK) {
            throw Errno.EINVAL.exception();
        }
        long[] range = range(file, flock);
        Object owner = ofFile ? file : thread.process();
        var wanted = new Lock(owner, ofFile ? -1 : thread.process().id(), type == F_WRLCK, range[0], range[1]);
        FileLocks locks = thread.kernel().locks();
        if (command == F_GETLK || command == F_OFD_GETLK) {
            Lock obstacle = type == F_UNLCK ? null : locks.obstacle(file.identity(), false, wanted);
            if (obstacle == null) {
                flock.putShort(0, F_UNLCK);
            } else {
                flock.putShort(0, obstacle.exclusive() ? F_WRLCK : F_RDLCK).putShort(2, (short) 0);
                flock.putLong(START, obstacle.start());
                flock.putLong(LENGTH, obstacle.end() == Long.MAX_VALUE ? 0 : obstacle.end() - obstacle.start() + 1);
                flock.putInt(PROCESS, obstacle.process());
            }
            thread.memory().write(address, flock);
            return 0;
        }
        if (type == F_UNLCK) {
            locks.release(file.identity(), false, owner, range[0], range[1]);
            return 0;
        }
        int access = file.flags() & OpenFlags.O_ACCMODE;
        if (access == (type == F_WRLCK ? OpenFlags.O_RDONLY : OpenFlags.O_WRONLY)) {
            throw Errno.EBADF.exception();
        }
        boolean waits = command == F_SETLKW || command == F_OFD_SETLKW;
        if (ofFile) {
            file.setAtClose(() -> locks.release(file));
        }
        locks.take(file.identity(), false, wanted, waits ? thread.signals() : null);
        return 0;
    }

    /** First and last byte that a {@code struct flock} means. */
    private static long[] range(OpenFile file, ByteBuffer flock) throws ErrnoException, IOException {
        long base = switch (flock.getShort(2)) {
            case OpenFile.SEEK_SET -> 0;
            case OpenFile.SEEK_CUR -> file.seek(0, OpenFile.SEEK_CUR);
            case OpenFile.SEEK_END -> file.status().size();
            default -> throw Errno.EINVAL.exception();
        };
        long start = base + flock.getLong(START);
        long length = flock.getLong(LENGTH);
        if (length < 0) {
            start += length;
            length = -length;
        }
        if (start < 0) {
            throw Errno.EINVAL.exception();
        }
        return new long[]{start, length == 0 || length > Long.MAX_VALUE - start ? Long.MAX_VALUE : start + length - 1};
    }

    private static long flock(UnixThread thread, UserContext context) throws ErrnoException, IOException {
        OpenFile file = thread.file(context.argument(0));
        FileLocks locks = thread.kernel().locks();
        int operation = (int) context.argument(1);
        switch (operation & ~LOCK_NB) {
            case LOCK_UN -> locks.release(file.identity(), true, file, 0, Long.MAX_VALUE);
            case LOCK_SH, LOCK_EX -> {
                var wanted = new Lock(file, thread.process().id(), (operation & LOCK_EX) != 0, 0, Long.MAX_VALUE);
                file.setAtClose(() -> locks.release(file));
                locks.take(file.identity(), true, wanted, (operation & LOCK_NB) != 0 ? null : thread.signals());
            }
            default -> throw Errno.EINVAL.exception();
        }
        return 0;
    }

    /** A process closes a descriptor: its locks on the file are gone, whatever other descriptors it has (fcntl(2)). */
    static void closing(UnixThread thread, long descriptor) {
        FileLocks locks = thread.kernel().locks();
        if (locks.holds(thread.process())) {
            try {
                locks.release(thread.files().get(descriptor).identity(), false, thread.process(), 0, Long.MAX_VALUE);
            } catch (ErrnoException | IOException e) {
                // It is not open, or not on a file.
            }
        }
    }
}
