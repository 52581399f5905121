package bundles.unix.provider.file;

import bundles.unix.provider.abi.Errno;
import bundles.unix.provider.abi.ErrnoException;
import bundles.unix.provider.abi.Waiter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Advisory locks on files: of processes on ranges (fcntl(2)), of open files on all of a file (flock(2)); the two kinds do not
 * know each other. They hold between this kernel's processes, not against the host's.
 *
 * <p>Concurrency: {@link #lock} guards everything; nothing is called with it held.
 */
public final class FileLocks {

    /** A file, for one of the kinds of locks. */
    private record Key(long device, long inode, boolean whole) {}

    /**
     * A lock.
     *
     * @param owner a process, or an open file
     * @param process id of the process that took it
     * @param exclusive whether it excludes all others, not only exclusive ones
     * @param start first byte
     * @param end last byte; {@code Long.MAX_VALUE}: however long the file becomes
     */
    public record Lock(Object owner, int process, boolean exclusive, long start, long end) {

        private boolean excludes(Lock other) {
            return owner != other.owner && (exclusive || other.exclusive) && start <= other.end && other.start <= end;
        }
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<Key, List<Lock>> locks = new HashMap<>();
    /** Who waits, and for whose lock. */
    private final Map<Object, Object> waiting = new HashMap<>();

    /** The lock that keeps one from being taken, or null (F_GETLK). */
    public Lock obstacle(FileStatus file, boolean whole, Lock wanted) {
        lock.lock();
        try {
            return obstacle(key(file, whole), wanted);
        } finally {
            lock.unlock();
        }
    }

    private Lock obstacle(Key key, Lock wanted) {
        return locks.getOrDefault(key, List.of()).stream().filter(wanted::excludes).findFirst().orElse(null);
    }

    private static Key key(FileStatus file, boolean whole) {
        return new Key(file.device(), file.inode(), whole);
    }

    /**
     * Takes a lock; what its owner has in that range becomes it.
     *
     * @param waiter lets it wait until it is free; null: do not wait
     * @throws ErrnoException EAGAIN: it is not free; EDEADLK: who has it waits for its taker; EINTR
     */
    public void take(FileStatus file, boolean whole, Lock wanted, Waiter waiter) throws ErrnoException, IOException {
        Key key = key(file, whole);
        lock.lock();
        try {
            if (obstacle(key, wanted) == null) {
                put(key, wanted);
                return;
            }
        } finally {
            lock.unlock();
        }
        if (waiter == null) {
            throw Errno.EAGAIN.exception();
        }
        waiter.await(() -> await(key, wanted));
    }

    private int await(Key key, Lock wanted) throws InterruptedException, ErrnoException {
        lock.lockInterruptibly();
        try {
            Lock obstacle;
            while ((obstacle = obstacle(key, wanted)) != null) {
                for (Object at = obstacle.owner; at != null; at = waiting.get(at)) {
                    if (at == wanted.owner) {
                        throw Errno.EDEADLK.exception();
                    }
                }
                waiting.put(wanted.owner, obstacle.owner);
                changed.await();
            }
            put(key, wanted);
            return 0;
        } finally {
            waiting.remove(wanted.owner);
            lock.unlock();
        }
    }

    private void put(Key key, Lock wanted) {
        remove(key, wanted.owner, wanted.start, wanted.end);
        locks.computeIfAbsent(key, any -> new ArrayList<>()).add(wanted);
        // What was exclusive may have become shared.
        changed.signalAll();
    }

    /** Gives back what an owner has in a range. */
    public void release(FileStatus file, boolean whole, Object owner, long start, long end) {
        lock.lock();
        try {
            remove(key(file, whole), owner, start, end);
        } finally {
            lock.unlock();
        }
    }

    private void remove(Key key, Object owner, long start, long end) {
        List<Lock> all = locks.get(key);
        if (all == null) {
            return;
        }
        List<Lock> parts = new ArrayList<>();
        all.removeIf(one -> {
            if (one.owner != owner || one.end < start || end < one.start) {
                return false;
            }
            if (one.start < start) {
                parts.add(new Lock(owner, one.process, one.exclusive, one.start, start - 1));
            }
            if (end < one.end) {
                parts.add(new Lock(owner, one.process, one.exclusive, end + 1, one.end));
            }
            return true;
        });
        all.addAll(parts);
        if (all.isEmpty()) {
            locks.remove(key);
        }
        changed.signalAll();
    }

    /** Gives back all that an owner has. */
    public void release(Object owner) {
        lock.lock();
        try {
            if (holds(owner)) {
                List.copyOf(locks.keySet()).forEach(key -> remove(key, owner, 0, Long.MAX_VALUE));
            }
        } finally {
            lock.unlock();
        }
    }

    /** Whether an owner has any lock. */
    public boolean holds(Object owner) {
        lock.lock();
        try {
            return locks.values().stream().anyMatch(list -> list.stream().anyMatch(one -> one.owner == owner));
        } finally {
            lock.unlock();
        }
    }
}
