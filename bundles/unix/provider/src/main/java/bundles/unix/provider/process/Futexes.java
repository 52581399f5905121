package bundles.unix.provider.process;

import bundles.unix.provider.abi.Errno;
import bundles.unix.provider.abi.ErrnoException;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Where threads wait until a word of memory changes (futex(2)).
 *
 * <p>Concurrency: {@link #lock} guards all queues. With it held user memory is read, which may fault: pagers take locks of
 * files and memory, none of which is held while this one is asked for.
 */
public final class Futexes {

    /** A word: of an address space, or of what several map. */
    record Key(Object where, long at) {}

    private static final class Sleeper {
        final Condition condition;
        final int bits;
        Key key;
        boolean woken;

        Sleeper(Condition condition, Key key, int bits) {
            this.condition = condition;
            this.key = key;
            this.bits = bits;
        }
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Key, ArrayDeque<Sleeper>> queues = new HashMap<>();

    Futexes() {}

    static Key key(UnixThread thread, long address, boolean common) throws ErrnoException {
        if ((address & 3) != 0) {
            throw Errno.EINVAL.exception();
        }
        MemoryMap map = thread.map();
        if (common) {
            SharedMappings.Place place;
            synchronized (map) {
                place = map.shared().place(address);
            }
            if (place != null) {
                return new Key(place.contents(), place.position());
            }
        }
        return new Key(map, address);
    }

    /**
     * Waits while a word is as expected.
     *
     * @param common whether other processes may wake (no FUTEX_PRIVATE_FLAG)
     * @param bits who wakes with none of them does not
     * @param timeout nanoseconds; {@code Long.MAX_VALUE}: for ever
     * @throws ErrnoException EAGAIN: it is not as expected; ETIMEDOUT; EINTR
     */
    public void await(UnixThread thread, long address, boolean common, int expected, int bits, long timeout)
            throws ErrnoException, IOException {
        Key key = key(thread, address, common);
        if (thread.memory().readInt(address) != expected) {
            throw Errno.EAGAIN.exception();
        }
        thread.signals().await(() -> {
            lock.lockInterruptibly();
            try {
                if (thread.memory().readInt(address) != expected) {
                    throw Errno.EAGAIN.exception();
                }
                var sleeper = new Sleeper(lock.newCondition(), key, bits);
                queues.computeIfAbsent(key, any -> new ArrayDeque<>()).add(sleeper);
                return sleep(thread, sleeper, timeout);
            } finally {
                lock.unlock();
            }
        });
    }

    private int sleep(UnixThread thread, Sleeper sleeper, long timeout) throws InterruptedException, ErrnoException {
        long left = timeout;
        try {
            while (!sleeper.woken) {
                if (timeout == Long.MAX_VALUE) {
                    sleeper.condition.await();
                } else if (left > 0) {
                    left = thread.kernel().clock().await(lock, sleeper.condition, left);
                } else {
                    throw Errno.ETIMEDOUT.exception();
                }
            }
        } catch (InterruptedException e) {
            if (!sleeper.woken) {
                throw e;
            }
            // Who woke this one counts on it; the signal is delivered after the call.
        } finally {
            remove(sleeper);
        }
        return 0;
    }

    private void remove(Sleeper sleeper) {
        ArrayDeque<Sleeper> queue = queues.get(sleeper.key);
        if (queue != null) {
            queue.remove(sleeper);
            if (queue.isEmpty()) {
                queues.remove(sleeper.key);
            }
        }
    }

    /**
     * Wakes who waits.
     *
     * @param most how many
     * @param bits of whom
     * @return how many
     */
    public int wake(UnixThread thread, long address, boolean common, int most, int bits) throws ErrnoException {
        Key key = key(thread, address, common);
        lock.lock();
        try {
            return wake(key, most, bits);
        } finally {
            lock.unlock();
        }
    }

    private int wake(Key key, int most, int bits) {
        ArrayDeque<Sleeper> queue = queues.get(key);
        int count = 0;
        if (queue != null) {
            for (Iterator<Sleeper> all = queue.iterator(); all.hasNext() && count < most;) {
                Sleeper sleeper = all.next();
                if ((sleeper.bits & bits) != 0) {
                    all.remove();
                    sleeper.woken = true;
                    sleeper.condition.signal();
                    count++;
                }
            }
            if (queue.isEmpty()) {
                queues.remove(key);
            }
        }
        return count;
    }

    /**
     * Wakes some, and lets others wait for another word.
     *
     * @param wake how many are woken
     * @param move how many wait elsewhere then
     * @param expected what the first word must be, or null
     * @return how many were woken or moved
     * @throws ErrnoException EAGAIN: it is not as expected
     */
    public int requeue(UnixThread thread, long address, boolean common, int wake, int move, long to, Integer expected)
            throws ErrnoException {
        Key from = key(thread, address, common);
        Key target = key(thread, to, common);
        thread.memory().readInt(address);
        lock.lock();
        try {
            if (expected != null && thread.memory().readInt(address) != expected) {
                throw Errno.EAGAIN.exception();
            }
            int count = wake(from, wake, -1);
            ArrayDeque<Sleeper> queue = queues.get(from);
            for (int moved = 0; queue != null && moved < move && !queue.isEmpty(); moved++) {
                Sleeper sleeper = queue.poll();
                sleeper.key = target;
                queues.computeIfAbsent(target, any -> new ArrayDeque<>()).add(sleeper);
                count++;
            }
            if (queue != null && queue.isEmpty()) {
                queues.remove(from, queue);
            }
            return count;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Changes a second word, wakes who waits for the first, and who waits for the second if that was so before
     * (FUTEX_WAKE_OP).
     *
     * @param operation how the word changes, and what it is compared with
     */
    public int wakeAndChange(UnixThread thread, long address, boolean common, int most, long other, int mostOther,
            int operation) throws ErrnoException {
        Key first = key(thread, address, common);
        Key second = key(thread, other, common);
        int kind = operation >>> 28 & 7;
        int argument = operation << 8 >> 20;
        int with = operation << 20 >> 20;
        if (operation < 0) {
            argument = 1 << (argument & 31);
        }
        int before = thread.memory().readInt(other);
        while (true) {
            int seen = thread.memory().compareAndExchange(other, before, changed(kind, before, argument));
            if (seen == before) {
                break;
            }
            before = seen;
        }
        lock.lock();
        try {
            int count = wake(first, most, -1);
            return compares(operation >>> 24 & 15, before, with) ? count + wake(second, mostOther, -1) : count;
        } finally {
            lock.unlock();
        }
    }

    private static int changed(int kind, int value, int argument) throws ErrnoException {
        return switch (kind) {
            case 0 -> argument;
            case 1 -> value + argument;
            case 2 -> value | argument;
            case 3 -> value & ~argument;
            case 4 -> value ^ argument;
            default -> throw Errno.ENOSYS.exception();
        };
    }

    private static boolean compares(int kind, int value, int with) throws ErrnoException {
        return switch (kind) {
            case 0 -> value == with;
            case 1 -> value != with;
            case 2 -> value < with;
            case 3 -> value <= with;
            case 4 -> value > with;
            case 5 -> value >= with;
            default -> throw Errno.ENOSYS.exception();
        };
    }
}
