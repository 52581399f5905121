package bundles.unix.provider.process;

import bundles.unix.provider.abi.Errno;
import bundles.unix.provider.abi.ErrnoException;
import bundles.unix.provider.signal.SignalInfo;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/**
 * The processes and threads by id.
 *
 * <p>Concurrency: {@link #lock} guards ids, and with them everything that processes have to do with each other: the fields of
 * {@link Family} and {@link ControllingTerminal}. It may be held while signals are sent, which takes the lock of the
 * receiver's signals, and never the other way round. The maps are concurrent, so that looking up takes no lock.
 */
public final class ProcessTable {

    /** Threads of all processes together; each is a strand. */
    public static final int MOST_THREADS = 4096;
    /** Processes, those that have ended and were not waited for as well. */
    public static final int MOST_PROCESSES = 4096;
    /** Of both, what is kept for the kernel's user: he can start what ends the others. */
    private static final int RESERVE = 64;

    private static final int MAX_ID = 4_194_303;

    final ReentrantLock lock = new ReentrantLock();
    private final ConcurrentSkipListMap<Integer, UnixProcess> processes = new ConcurrentSkipListMap<>();
    private final ConcurrentSkipListMap<Integer, UnixThread> threads = new ConcurrentSkipListMap<>();
    private int lastId;
    private int threadCount;
    private final AtomicInteger processCount = new AtomicInteger();
    private boolean closed;
    /** Whether ids begin with 1 again when there are no processes, so that runs can be repeated. */
    private final boolean repeatable;

    /** @param repeatable whether ids begin with 1 again when there are no processes */
    ProcessTable(boolean repeatable) {
        this.repeatable = repeatable;
    }

    /**
     * Takes an id for a new thread, which counts until {@link #giveBack}.
     *
     * @param user whether it is for the kernel's user, and no program's wish
     * @throws ErrnoException EAGAIN: there are too many, or UNIX is being stopped
     */
    int takeId(boolean user) throws ErrnoException {
        int reserve = user ? 0 : RESERVE;
        lock.lock();
        try {
            if (closed || threadCount >= MOST_THREADS - reserve || processCount.get() >= MOST_PROCESSES - reserve) {
                throw Errno.EAGAIN.exception();
            }
            threadCount++;
            if (repeatable && processes.isEmpty() && threads.isEmpty()) {
                lastId = 0;
            }
            do {
                lastId = lastId % MAX_ID + 1;
            } while (used(lastId));
            return lastId;
        } finally {
            lock.unlock();
        }
    }

    /** A thread that had an id of {@link #takeId} has ended, or was never made. */
    void giveBack() {
        lock.lock();
        try {
            threadCount--;
        } finally {
            lock.unlock();
        }
    }

    private boolean used(int id) {
        if (processes.containsKey(id) || threads.containsKey(id)) {
            return true;
        }
        // Numbers of groups and sessions outlive who gave them.
        for (UnixProcess process : processes.values()) {
            if (process.family().group() == id || process.family().session() == id) {
                return true;
            }
        }
        return false;
    }

    /**
     * A process is there from now on.
     *
     * @param parent the thread that makes it, or null
     * @throws ErrnoException EAGAIN: UNIX is being stopped, or the parent is to end
     */
    void add(UnixProcess process, UnixThread parent) throws ErrnoException {
        lock.lock();
        try {
            // Under the lock under which many are killed at once: none is born meanwhile that they do not know of.
            if (closed || parent != null && parent.signals().doomed()) {
                throw Errno.EAGAIN.exception();
            }
            processes.put(process.id(), process);
            processCount.incrementAndGet();
        } finally {
            lock.unlock();
        }
    }

    /** A process is forgotten. */
    void remove(UnixProcess process) {
        if (processes.remove(process.id(), process)) {
            processCount.decrementAndGet();
        }
    }

    /** A thread is there from now on. */
    void add(int id, UnixThread thread) {
        threads.put(id, thread);
    }

    /** A thread is forgotten. */
    void remove(int id, UnixThread thread) {
        threads.remove(id, thread);
    }

    /** The process with an id, or null. */
    public UnixProcess find(int id) {
        return processes.get(id);
    }

    /** The thread with an id, or null. */
    public UnixThread thread(int id) {
        return threads.get(id);
    }

    /** All, by id; those that ended and were not waited for as well. */
    public List<UnixProcess> all() {
        return List.copyOf(processes.values());
    }

    /** The members of a process group that have not ended. */
    public List<UnixProcess> group(int group) {
        return processes.values().stream().filter(process -> process.family().group() == group && !process.ended())
                .toList();
    }

    /** Whether a member of a process group that has not ended is stopped. */
    boolean anyStopped(int group) {
        for (UnixProcess process : processes.values()) {
            if (process.family().group() == group && process.stopped() && !process.ended()) {
                return true;
            }
        }
        return false;
    }

    /**
     * Sends a signal to all that are meant at once: none of them can make another meanwhile that does not get it.
     *
     * @return how many there were
     */
    public int send(Predicate<UnixProcess> whom, SignalInfo info) {
        lock.lock();
        try {
            int count = 0;
            for (UnixProcess process : processes.values()) {
                if (!process.ended() && whom.test(process)) {
                    count++;
                    if (info != null) {
                        process.send(info);
                    }
                }
            }
            return count;
        } finally {
            lock.unlock();
        }
    }

    /** Threads that there are, of all processes together. */
    int threadCount() {
        lock.lock();
        try {
            return threadCount;
        } finally {
            lock.unlock();
        }
    }

    /** There will be no more processes. */
    public void close() {
        lock.lock();
        try {
            closed = true;
        } finally {
            lock.unlock();
        }
    }
}
