package bundles.unix.provider.process;

import bundles.unix.provider.abi.Errno;
import bundles.unix.provider.abi.ErrnoException;
import bundles.unix.provider.elf.Layout;
import bundles.unix.provider.file.Descriptors;

/**
 * Resource limits (getrlimit(2); numbers of asm/resource.h). The number of open files is enforced as it is set,
 * RLIMIT_AS, RLIMIT_DATA and RLIMIT_MEMLOCK by the system calls on memory, RLIMIT_STACK when a program is executed, RLIMIT_FSIZE by the
 * calls that write, RLIMIT_NPROC by those that make threads (of a superuser, too), RLIMIT_CPU by a timer of the process, RLIMIT_NICE and
 * RLIMIT_RTPRIO by the calls about scheduling (of no superuser); the others are remembered. Thread-safe: the monitor guards it.
 */
public final class ResourceLimits {

    /** Open files at first. */
    public static final int OPEN_FILES = 1024;
    /** Number of resources. */
    public static final int COUNT = 16;

    /** RLIMIT_CPU in seconds, RLIMIT_FSIZE, RLIMIT_STACK, RLIMIT_NPROC, RLIMIT_MEMLOCK, RLIMIT_MSGQUEUE, RLIMIT_NICE, RLIMIT_RTPRIO. */
    public static final int CPU = 0, FSIZE = 1, STACK = 3, NPROC = 8, MEMLOCK = 9, MSGQUEUE = 12, NICE = 13,
            REAL_TIME = 14;
    /** No limit. */
    public static final long INFINITY = Long.MAX_VALUE;

    private static final int CORE = 4, NOFILE = 6;
    /** As Linux has it since 5.16. */
    private static final long LOCKED = 8 << 20;
    private static final long MESSAGES = 819_200;
    private static final int MOST_FILES = 65_536;

    private final Descriptors files;
    private final Runnable timeChanged;
    private final long[] soft = new long[COUNT];
    private final long[] hard = new long[COUNT];

    /** @param timeChanged runs after {@link #CPU} was set */
    ResourceLimits(Descriptors files, Runnable timeChanged) {
        this.files = files;
        this.timeChanged = timeChanged;
        java.util.Arrays.fill(soft, INFINITY);
        java.util.Arrays.fill(hard, INFINITY);
        soft[STACK] = Layout.STACK_SIZE;
        soft[CORE] = 0;
        soft[MEMLOCK] = LOCKED;
        hard[MEMLOCK] = LOCKED;
        soft[MSGQUEUE] = MESSAGES;
        hard[MSGQUEUE] = MESSAGES;
        soft[NOFILE] = OPEN_FILES;
        hard[NOFILE] = MOST_FILES;
    }

    /** The same limits for another process, with its own descriptors. */
    synchronized ResourceLimits copy(Descriptors newFiles, Runnable newTimeChanged) {
        var copy = new ResourceLimits(newFiles, newTimeChanged);
        System.arraycopy(soft, 0, copy.soft, 0, COUNT);
        System.arraycopy(hard, 0, copy.hard, 0, COUNT);
        newFiles.setLimit((int) Math.min(soft[NOFILE], MOST_FILES));
        return copy;
    }

    /** The limit in force. */
    public synchronized long soft(int resource) {
        return soft[resource];
    }

    /** How far it may be raised. */
    public synchronized long hard(int resource) {
        return hard[resource];
    }

    /** Sets a limit. */
    public void set(int resource, long newSoft, long newHard) throws ErrnoException {
        change(resource, newSoft, newHard);
        if (resource == CPU) {
            timeChanged.run();
        }
    }

    private synchronized void change(int resource, long newSoft, long newHard) throws ErrnoException {
        if (Long.compareUnsigned(newSoft, newHard) > 0) {
            throw Errno.EINVAL.exception();
        }
        if (Long.compareUnsigned(newHard, hard[resource]) > 0) {
            throw Errno.EPERM.exception();
        }
        soft[resource] = newSoft;
        hard[resource] = newHard;
        if (resource == NOFILE) {
            files.setLimit((int) Math.min(newSoft, MOST_FILES));
        }
    }
}
