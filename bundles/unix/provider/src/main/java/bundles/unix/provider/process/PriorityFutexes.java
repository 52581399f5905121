package bundles.unix.provider.process;

import bundles.unix.provider.abi.Errno;
import bundles.unix.provider.abi.ErrnoException;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Futexes whose word has the owner's thread id, and which are handed from one thread to the next (futex(2), FUTEX_LOCK_PI).
 * While somebody waits, the owner's strand has at least the priority of the strands that wait, and so has whom the owner
 * waits for (Sha, Rajkumar, Lehoczky: "Priority Inheritance Protocols", IEEE Transactions on Computers 39(9), 1990); of
 * those that wait the one of the highest priority is next, among equals who has waited longest.
 *
 * <p>Concurrency: {@link #lock} guards the queues and what threads inherit. With it held user memory is read and written, as in {@link Futexes}.
 */
public final class PriorityFutexes {

    private static final int WAITERS = 0x8000_0000, OWNER_DIED = 0x4000_0000, OWNER = 0x3FFF_FFFF;

    private static final class Sleeper {
        final UnixThread who;
        final Condition condition;
        /** Of the futex that it waits for now. */
        Object key;
        /** Of the one that it wants in the end, and where that is. */
        final Object wanted;
        final long address;
        boolean owner;
        /** It has it because the owner has ended, and is to say so in the word. */
        boolean heir;

        Sleeper(UnixThread who, Condition condition, Object key, Object wanted, long address) {
            this.who = who;
            this.condition = condition;
            this.key = key;
            this.wanted = wanted;
            this.address = address;
        }
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Object, ArrayDeque<Sleeper>> queues = new HashMap<>();
    /** Who has a futex that others wait for, or that it has inherited and not yet written its id to. */
    private final Map<Object, UnixThread> owners = new HashMap<>();
    /** Threads that inherit a priority. */
    private Set<UnixThread> raised = Set.of();
    /** Those who wait for another word first, whence they are moved to the queues. */
    private final Map<Object, ArrayDeque<Sleeper>> waiting = new HashMap<>();

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
                    sleep(thread, key, address, timeout);
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
            } else {
                next = word | WAITERS;
            }
            UnixThread owner = (word & OWNER) == 0 ? thread : owner(thread, key, word);
            if (owner != thread && waitsFor(owner, thread)) {
                throw Errno.EDEADLK.exception();
            }
            if (next == word || thread.memory().compareAndExchange(address, word, next) == word) {
                if (owner != thread || queues.containsKey(key)) {
                    owners.put(key, owner);
                }
                return owner == thread;
            }
        }
    }

    private UnixThread owner(UnixThread thread, Object key, int word) throws ErrnoException {
        UnixThread owner = thread.kernel().table().thread(word & OWNER);
        if (owner == null || owner.gone) {
            owner = owners.get(key); // who is to have it from one that has ended
        }
        if (owner == null) {
            throw Errno.ESRCH.exception();
        }
        return owner;
    }

    /** Whether a thread waits for another, perhaps by others that wait. */
    private boolean waitsFor(UnixThread thread, UnixThread other) {
        UnixThread at = thread;
        for (int i = 0; i <= owners.size() && at != null && at != other; i++) {
            at = owners.get(keyOf(at));
        }
        return at == other;
    }

    /** What a thread waits for, or null. */
    private Object keyOf(UnixThread thread) {
        return queues.values().stream().flatMap(ArrayDeque::stream).filter(sleeper -> sleeper.who == thread)
                .map(sleeper -> sleeper.key).findFirst().orElse(null);
    }

    /** Somebody waits, waits no more, or has another priority: lets owners have the priorities of those that wait for them. */
    public void settle() {
        lock.lock();
        try {
            if (queues.isEmpty() && raised.isEmpty()) {
                return;
            }
            Map<UnixThread, Integer> now = new HashMap<>();
            boolean changed = true;
            while (changed) {
                changed = false;
                for (Map.Entry<Object, ArrayDeque<Sleeper>> entry : queues.entrySet()) {
                    UnixThread owner = owners.get(entry.getKey());
                    int most = entry.getValue().stream().mapToInt(
                            one -> Math.max(one.who.priority(), now.getOrDefault(one.who, Integer.MIN_VALUE)))
                            .max().orElse(Integer.MIN_VALUE);
                    if (owner != null && most > now.getOrDefault(owner, Integer.MIN_VALUE)) {
                        now.put(owner, most);
                        changed = true;
                    }
                }
            }
            raised.stream().filter(thread -> !now.containsKey(thread))
                    .forEach(thread -> thread.inherit(Integer.MIN_VALUE));
            now.forEach(UnixThread::inherit);
            raised = now.keySet();
        } finally {
            lock.unlock();
        }
    }

    /** Who is next, with the lock; null if nobody waits. */
    private static Sleeper first(ArrayDeque<Sleeper> queue) {
        Sleeper first = null;
        for (Sleeper sleeper : queue == null ? new ArrayDeque<Sleeper>() : queue) {
            first = first == null || sleeper.who.effectivePriority() > first.who.effectivePriority() ? sleeper : first;
        }
        return first;
    }

    private void sleep(UnixThread thread, Object key, long address, long timeout)
            throws InterruptedException, ErrnoException {
        var sleeper = new Sleeper(thread, lock.newCondition(), key, key, address);
        queues.computeIfAbsent(key, any -> new ArrayDeque<>()).add(sleeper);
        settle();
        try {
            sleep(thread, sleeper, timeout);
        } finally {
            remove(queues, sleeper);
            settle();
        }
    }

    private void sleep(UnixThread thread, Sleeper sleeper, long timeout) throws InterruptedException, ErrnoException {
        long left = timeout;
        while (!sleeper.owner) {
            if (timeout == Long.MAX_VALUE) {
                sleeper.condition.await();
            } else if (left > 0) {
                left = thread.kernel().clock().await(lock, sleeper.condition, left);
            } else {
                throw Errno.ETIMEDOUT.exception();
            }
        }
        claim(thread, sleeper);
    }

    /** Says that it has what it has inherited. */
    private void claim(UnixThread thread, Sleeper sleeper) throws ErrnoException {
        if (sleeper.heir) {
            write(thread, sleeper.address,
                    thread.id() | OWNER_DIED | (queues.get(sleeper.key).size() > 1 ? WAITERS : 0));
        }
    }

    private static void write(UnixThread thread, long address, int word) throws ErrnoException {
        int before = thread.memory().readInt(address);
        int seen;
        while ((seen = thread.memory().compareAndExchange(address, before, word)) != before) {
            before = seen;
        }
    }

    private void remove(Map<Object, ArrayDeque<Sleeper>> from, Sleeper sleeper) {
        ArrayDeque<Sleeper> queue = from.get(sleeper.key);
        if (queue != null && queue.remove(sleeper) && queue.isEmpty()) {
            from.remove(sleeper.key);
            if (from == queues) {
                owners.remove(sleeper.key);
            }
        }
    }

    /**
     * Waits while a word is as expected, and has the futex when it returns: somebody has called {@link #requeue} (FUTEX_WAIT_REQUEUE_PI).
     *
     * @param to where the futex is
     * @param timeout nanoseconds; {@code Long.MAX_VALUE}: for ever
     * @throws ErrnoException EAGAIN: the word is not as expected, or a signal came while it waited for the futex; EINVAL; ETIMEDOUT
     */
    public void awaitAndLock(UnixThread thread, long address, long to, boolean common, int expected, long timeout)
            throws ErrnoException, IOException {
        Futexes.Key key = Futexes.key(thread, address, common);
        Futexes.Key target = Futexes.key(thread, to, common);
        if (key.equals(target)) {
            throw Errno.EINVAL.exception();
        }
        thread.memory().readInt(to);
        thread.memory().readInt(address);
        thread.signals().await(() -> {
            lock.lockInterruptibly();
            try {
                if (thread.memory().readInt(address) != expected) {
                    throw Errno.EAGAIN.exception();
                }
                var sleeper = new Sleeper(thread, lock.newCondition(), key, target, to);
                waiting.computeIfAbsent(key, any -> new ArrayDeque<>()).add(sleeper);
                try {
                    sleep(thread, sleeper, timeout);
                } catch (InterruptedException e) {
                    if (sleeper.owner) {
                        claim(thread, sleeper);
                        return 0; // the signal is delivered after the call
                    }
                    if (sleeper.key == target) {
                        throw Errno.EAGAIN.exception();
                    }
                    throw e;
                } finally {
                    remove(waiting, sleeper);
                    remove(queues, sleeper);
                    settle();
                }
                return 0;
            } finally {
                lock.unlock();
            }
        });
    }

    /**
     * Gives a futex to one who waits in {@link #awaitAndLock}, if it is nobody's, and lets others wait for it (FUTEX_CMP_REQUEUE_PI).
     *
     * @param to where the futex is
     * @param move how many wait for the futex then, besides the first
     * @param expected what the word must be that they wait for
     * @return how many have the futex or wait for it now
     * @throws ErrnoException EAGAIN: the word is not as expected; EINVAL: they wait for another futex; ESRCH: its owner is no thread
     */
    public int requeue(UnixThread thread, long address, long to, boolean common, int move, int expected)
            throws ErrnoException {
        Futexes.Key key = Futexes.key(thread, address, common);
        Futexes.Key target = Futexes.key(thread, to, common);
        if (key.equals(target)) {
            throw Errno.EINVAL.exception();
        }
        thread.memory().readInt(to);
        lock.lock();
        try {
            if (thread.memory().readInt(address) != expected) {
                throw Errno.EAGAIN.exception();
            }
            ArrayDeque<Sleeper> queue = waiting.getOrDefault(key, new ArrayDeque<>());
            int count = 0;
            for (; count <= move && !queue.isEmpty(); count++) {
                Sleeper sleeper = queue.peek();
                if (!sleeper.wanted.equals(target)) {
                    throw Errno.EINVAL.exception();
                }
                take(thread, sleeper, target, to);
                queue.remove();
            }
            if (queue.isEmpty()) {
                waiting.remove(key, queue);
            }
            settle();
            return count;
        } finally {
            lock.unlock();
        }
    }

    /** Gives a futex to a sleeper, or lets him wait for it. */
    private void take(UnixThread thread, Sleeper sleeper, Object key, long address) throws ErrnoException {
        while (true) {
            int word = thread.memory().readInt(address);
            boolean free = (word & OWNER) == 0;
            int next = free ? sleeper.who.id() | word & OWNER_DIED | word & WAITERS : word | WAITERS;
            UnixThread owner = free ? sleeper.who : owner(thread, key, word);
            if (next == word || thread.memory().compareAndExchange(address, word, next) == word) {
                sleeper.owner = free;
                if (free) {
                    sleeper.condition.signal();
                } else {
                    sleeper.key = key;
                    queues.computeIfAbsent(key, any -> new ArrayDeque<>()).add(sleeper);
                    owners.put(key, owner);
                }
                return;
            }
        }
    }

    /**
     * Gives it to who is next.
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

    /**
     * A thread has ended: what it has yet and others wait for is the next one's, who says so in the word itself, as the memory of the one
     * that has ended may lack it.
     */
    void ended(UnixThread thread) {
        lock.lock();
        try {
            thread.gone = true;
            if (!owners.containsValue(thread)) {
                return;
            }
            owners.replaceAll((key, owner) -> {
                Sleeper next = owner == thread ? first(queues.get(key)) : null;
                if (next == null) {
                    return owner;
                }
                next.heir = true;
                next.owner = true;
                next.condition.signal();
                return next.who;
            });
            settle();
        } finally {
            lock.unlock();
        }
    }

    private void hand(UnixThread thread, Object key, long address, int more) throws ErrnoException {
        lock.lock();
        try {
            ArrayDeque<Sleeper> queue = queues.get(key);
            Sleeper next = first(queue);
            int word = more;
            if (next != null) {
                word |= next.who.id() | (queue.size() > 1 ? WAITERS : 0);
            }
            write(thread, address, word);
            if (next != null) {
                queue.remove(next);
                owners.put(key, next.who);
                if (queue.isEmpty()) {
                    queues.remove(key);
                    owners.remove(key);
                }
                next.owner = true;
                next.condition.signal();
            }
            settle();
        } finally {
            lock.unlock();
        }
    }
}
