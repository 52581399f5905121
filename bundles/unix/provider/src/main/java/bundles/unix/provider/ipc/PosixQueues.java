package bundles.unix.provider.ipc;

import bundles.unix.provider.abi.Errno;
import bundles.unix.provider.abi.ErrnoException;
import bundles.unix.provider.abi.OpenFlags;
import java.util.HashMap;
import java.util.Map;
import kernel.core.machine.Clock;

/**
 * The names of POSIX message queues, and how much all of them may take (mq_overview(7)). Concurrency: the monitor guards it; nothing is called
 * with it held but what answers at once.
 */
public final class PosixQueues {

    /** Highest priority and one more (MQ_PRIO_MAX); longest name (NAME_MAX). */
    public static final int PRIORITIES = 32_768, NAME_MAX = 255;
    /** What a queue has if its maker does not say, and at most if he is no superuser: messages, bytes of each. */
    private static final int USUAL_MOST = 10, USUAL_LONGEST = 8192;
    /** At most in any case (linux/ipc_namespace.h). */
    private static final int HARD_MOST = 65_536, HARD_LONGEST = 16 << 20;
    /** Bytes that the kernel needs besides, for each message that there may be. */
    private static final int BESIDES = 128;
    private static final int READ = 4, WRITE = 2, OWNER = 6;

    /** A queue, its name while it has one, and how often it is open. */
    private static final class Entry {
        private final PosixQueue queue;
        private final long bytes;
        private boolean named = true;
        private int open;

        Entry(PosixQueue queue, long bytes) {
            this.queue = queue;
            this.bytes = bytes;
        }
    }

    private final Clock clock;
    private final int user;
    private final Map<String, Entry> byName = new HashMap<>();
    private long bytes;

    /**
     * @param clock measures waits
     * @param user whose they are
     */
    public PosixQueues(Clock clock, int user) {
        this.clock = clock;
        this.user = user;
    }

    /**
     * What a queue is made like.
     *
     * @param mode permissions
     * @param most messages; 0: as usual
     * @param longest bytes of a message; 0: as usual
     * @param room bytes that all queues together may take (RLIMIT_MSGQUEUE)
     */
    public record Attributes(int mode, long most, long longest, long room) {

        /** Checks what a program asks for. @throws ErrnoException EINVAL */
        private void check(boolean superuser) throws ErrnoException {
            if (most < 0 || longest < 0 || most > (superuser ? HARD_MOST : USUAL_MOST)
                    || longest > (superuser ? HARD_LONGEST : USUAL_LONGEST)) {
                throw Errno.EINVAL.exception();
            }
        }
    }

    /**
     * Opens a queue (mq_open(3)).
     *
     * @param name without the slash at its beginning
     * @param flags O_CREAT, O_EXCL, O_NONBLOCK and the access mode
     * @throws ErrnoException EACCES, EEXIST, EINVAL, EMFILE: all together would take too much, ENAMETOOLONG, ENOENT
     */
    public synchronized PosixQueueFile open(String name, int flags, Attributes wanted) throws ErrnoException {
        check(name);
        Entry entry = byName.get(name);
        if (entry == null) {
            if ((flags & OpenFlags.O_CREAT) == 0) {
                throw Errno.ENOENT.exception();
            }
            entry = make(wanted);
            byName.put(name, entry);
        } else if ((flags & OpenFlags.O_CREAT) != 0 && (flags & OpenFlags.O_EXCL) != 0) {
            throw Errno.EEXIST.exception();
        } else {
            permit(entry.queue.mode(), flags & OpenFlags.O_ACCMODE);
        }
        entry.open++;
        Entry opened = entry;
        return new PosixQueueFile(entry.queue, flags, () -> close(opened));
    }

    private void permit(int mode, int access) throws ErrnoException {
        if (access == OpenFlags.O_ACCMODE) {
            throw Errno.EINVAL.exception();
        }
        int needed = access == OpenFlags.O_RDONLY ? READ : access == OpenFlags.O_WRONLY ? WRITE : READ | WRITE;
        if (user != 0 && (mode >> OWNER & needed) != needed) {
            throw Errno.EACCES.exception();
        }
    }

    private Entry make(Attributes wanted) throws ErrnoException {
        wanted.check(user == 0);
        int most = (int) (wanted.most == 0 ? USUAL_MOST : wanted.most);
        int longest = (int) (wanted.longest == 0 ? USUAL_LONGEST : wanted.longest);
        long size = (long) most * (longest + BESIDES);
        if (bytes + size > wanted.room && wanted.room >= 0) {
            throw Errno.EMFILE.exception();
        }
        bytes += size;
        return new Entry(new PosixQueue(most, longest, wanted.mode, clock), size);
    }

    /** Takes a queue's name; it is there as long as somebody has it open (mq_unlink(3)). @throws ErrnoException ENOENT, EACCES */
    public synchronized void unlink(String name) throws ErrnoException {
        check(name);
        Entry entry = byName.remove(name);
        if (entry == null) {
            throw Errno.ENOENT.exception();
        }
        entry.named = false;
        forget(entry);
    }

    private synchronized void close(Entry entry) {
        entry.open--;
        forget(entry);
    }

    private void forget(Entry entry) {
        if (!entry.named && entry.open == 0) {
            bytes -= entry.bytes;
        }
    }

    private static void check(String name) throws ErrnoException {
        if (name.isEmpty()) {
            throw Errno.ENOENT.exception();
        }
        if (name.length() > NAME_MAX) {
            throw Errno.ENAMETOOLONG.exception();
        }
        if (name.indexOf('/') >= 0 || name.equals(".") || name.equals("..")) {
            throw Errno.EACCES.exception();
        }
    }
}
