package bundles.unix.provider.process;

import bundles.unix.provider.abi.Errno;
import bundles.unix.provider.abi.ErrnoException;
import bundles.unix.provider.elf.Layout;
import bundles.unix.provider.file.Descriptors;

/**
 * Resource limits (getrlimit(2); numbers of asm/resource.h). The number of open files is enforced as it is set,
 * RLIMIT_AS, RLIMIT_DATA and RLIMIT_MEMLOCK by the system calls on memory, RLIMIT_STACK when a program is executed; the others are
 * remembered. Thread-safe: the monitor guards it.
 */
public final class ResourceLimits {

    /** Open files at first. */
    public static final int OPEN_FILES = 1024;
    /** Number of resources. */
    public static final int COUNT = 16;

    /** RLIMIT_STACK, RLIMIT_MEMLOCK. */
    public static final int STACK = 3, MEMLOCK = 9;

    private static final int CORE = 4, NOFILE = 6;
    /** As Linux has it since 5.16. */
    private static final long LOCKED = 8 << 20;
    private static final long INFINITY = Long.MAX_VALUE;
    private static final int MOST_FILES = 65_536;

    private final Descriptors files;
    private final long[] soft = new long[COUNT];
    private final long[] hard = new long[COUNT];

    ResourceLimits(Descriptors files) {
        this.files = files;
        java.util.Arrays.fill(soft, INFINITY);
        java.util.Arrays.fill(hard, INFINITY);
        soft[STACK] = Layout.STACK_SIZE;
        soft[CORE] = 0;
        soft[MEMLOCK] = LOCKED;
        hard[MEMLOCK] = LOCKED;
        soft[NOFILE] = OPEN_FILES;
        hard[NOFILE] = MOST_FILES;
    }

    /** The same limits for another process, with its own descriptors. */
    synchronized ResourceLimits copy(Descriptors newFiles) {
        var copy = new ResourceLimits(newFiles);
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
    public synchronized void set(int resource, long newSoft, long newHard) throws ErrnoException {
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
