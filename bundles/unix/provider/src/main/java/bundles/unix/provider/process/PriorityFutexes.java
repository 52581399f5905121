package bundles.unix.provider.process;

import bundles.unix.provider.abi.Errno;
import bundles.unix.provider.abi.ErrnoException;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Futexes whose word has the owner's thread id, and which are handed from one thread to the next (futex(2), FUTEX_LOCK_PI).
 * Scheduling has no priorities that could be inherited; what remains is that nobody gets in between.
 *
 * <p>Concurrency: {@link #lock} guards the queues. With it held user memory is read and written, as in {@link Futexes}.
 */
public final class PriorityFutexes {

    private static final int WAITERS = 0x8000_0000, OWNER_DIED = 0x4000_0000, OWNER = 0x3FFF_FFFF;

    private static final class Sleeper {
        final int thread;
        final Condition condition;
        boolean owner;

        Sleeper(int thread, Condition condition) {
            this.thread = thread;
            this.condition = condition;
        }
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Object, ArrayDeque<Sleeper>> queues = new HashMap<>();

    PriorityFutexes() {}

    /**
     * Takes it, when its owner lets go of it. Signals are delivered afterwards: the call is not to be made again, which would
     * lose the place in the queue.
     *
     * @param timeout nanoseconds; 0: it is only tried; {@code Long.MAX_VALUE}: for ever
     * @throws ErrnoException EDEADLK: the caller has it; EAGAIN: tried only; ETIMEDOUT; ESRCH: its owner is no thread
     */
    public void lock(UnixThread thread, long address, boolean common, long timeout, boolean wait)
            throws ErrnoException, IOException {
        Object key = Futexes.key(thread, address, common);
        thread.memory().readInt(address);
        thread.signals().awaitUninterrupted(() -> {
            lock.lockInterruptibly();
            try {
                if (!take(thread, key, address, wait)) {
                    sleep(thread, key, timeout);
                }
                return 0;
            } finally {
                lock.unlock();
            }
        });
    }

    /** @return {@code false}: somebody has it, and knows that somebody waits */
    private boolean take(UnixThread thread, Object key, long address, boolean wait) throws ErrnoException {
        while (true) {
            int word = thread.memory().readInt(address);
            int next;
            if ((word & OWNER) == 0) {
                next = thread.id() | word & OWNER_DIED | (queues.containsKey(key) ? WAITERS : 0);
            } else if ((word & OWNER) == thread.id()) {
                throw Errno.EDEADLK.exception();
            } else if (!wait) {
                throw Errno.EAGAIN.exception();
            } else if (thread.kernel().table().thread(word & OWNER) == null) {
                throw Errno.ESRCH.exception();
            } else {
                next = word | WAITERS;
            }
            if (next == word || thread.memory().compareAndExchange(address, word, next) == word) {
                return (word & OWNER) == 0;
            }
        }
    }

    private void sleep(UnixThread thread, Object key, long timeout) throws InterruptedException, ErrnoException {
        var sleeper = new Sleeper(thread.id(), lock.newCondition());
        queues.computeIfAbsent(key, any -> new ArrayDeque<>()).add(sleeper);
        long left = timeout;
        try {
            while (!sleeper.owner) {
                if (timeout == Long.MAX_VALUE) {
                    sleeper.condition.await();
                } else if (left > 0) {
                    left = thread.kernel().clock().await(lock, sleeper.condition, left);
                } else {
                    throw Errno.ETIMEDOUT.exception();
                }
            }
        } finally {
            ArrayDeque<Sleeper> queue = queues.get(key);
            if (queue != null && queue.remove(sleeper) && queue.isEmpty()) {
                queues.remove(key);
            }
        }
    }

    /**
     * Gives it to who has waited longest.
     *
     * @throws ErrnoException EPERM: the caller does not have it
     */
    public void unlock(UnixThread thread, long address, boolean common) throws ErrnoException {
        Object key = Futexes.key(thread, address, common);
        if ((thread.memory().readInt(address) & OWNER) != thread.id()) {
            throw Errno.EPERM.exception();
        }
        hand(thread, key, address, 0);
    }

    /** Its owner has ended without letting go of it. */
    void ownerDied(UnixThread thread, long address) throws ErrnoException {
        for (boolean common : new boolean[]{true, false}) {
            Object key = Futexes.key(thread, address, common);
            if ((thread.memory().readInt(address) & OWNER) == thread.id()) {
                lock.lock();
                try {
                    if (!common || queues.containsKey(key)) {
                        hand(thread, key, address, OWNER_DIED);
                    }
                } finally {
                    lock.unlock();
                }
            }
        }
    }

    private void hand(UnixThread thread, Object key, long address, int more) throws ErrnoException {
        lock.lock();
        try {
            ArrayDeque<Sleeper> queue = queues.get(key);
            Sleeper next = queue == null ? null : queue.peek();
            int word = more;
            if (next != null) {
                word |= next.thread | (queue.size() > 1 ? WAITERS : 0);
            }
            int before = thread.memory().readInt(address);
            int seen;
            while ((seen = thread.memory().compareAndExchange(address, before, word)) != before) {
                before = seen;
            }
            if (next != null) {
                queue.remove();
                if (queue.isEmpty()) {
                    queues.remove(key);
                }
                next.owner = true;
                next.condition.signal();
            }
        } finally {
            lock.unlock();
        }
    }
}
