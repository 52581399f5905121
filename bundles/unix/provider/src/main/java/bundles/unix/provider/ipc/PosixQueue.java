package bundles.unix.provider.ipc;

import bundles.unix.provider.abi.Errno;
import bundles.unix.provider.abi.ErrnoException;
import bundles.unix.provider.abi.Waiter;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import kernel.core.machine.Clock;

/**
 * A queue of messages with priorities (mq_overview(7)). Concurrency: {@link #lock} guards messages, who waits and who is to be told; those
 * who are told, and the watchers, are called without it.
 */
public final class PosixQueue {

    /**
     * A message.
     *
     * @param priority 0 to 32,767; the highest comes out first, those of one priority in the order in which they came
     * @param text its bytes
     */
    public record Message(int priority, byte[] text) {}

    /** Who asked to be told, once, of a message that comes into the empty queue (mq_notify(3)). */
    public interface Notice {
        /** Whether he is there still. */
        boolean alive();

        /** A message has come. */
        void tell();

        /** Nothing will be told: he asked for that, or has closed the queue. */
        void removed();
    }

    private final int most;
    private final int longest;
    private final int mode;
    private final Clock clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final TreeMap<Integer, ArrayDeque<Message>> messages = new TreeMap<>();
    private final List<Runnable> watchers = new CopyOnWriteArrayList<>();
    private int count;
    private int receivers;
    private Notice notice;

    /**
     * @param most messages in it, 1 or more
     * @param longest bytes of one, 1 or more
     * @param mode permissions
     * @param clock measures waits
     */
    PosixQueue(int most, int longest, int mode, Clock clock) {
        this.most = most;
        this.longest = longest;
        this.mode = mode;
        this.clock = clock;
    }

    /** How many messages it can have. */
    public int most() {
        return most;
    }

    /** How many bytes a message can have. */
    public int longest() {
        return longest;
    }

    /** Permissions. */
    public int mode() {
        return mode;
    }

    /** How many messages it has. */
    public int count() {
        lock.lock();
        try {
            return count;
        } finally {
            lock.unlock();
        }
    }

    /** Runs something whenever a message has come or gone. */
    void watch(Runnable watcher) {
        watchers.add(watcher);
    }

    void unwatch(Runnable watcher) {
        watchers.remove(watcher);
    }

    /**
     * Puts a message in.
     *
     * @param timeout nanoseconds; {@code Long.MAX_VALUE}: for ever
     * @throws ErrnoException EAGAIN: it is full, and the caller does not wait; ETIMEDOUT
     */
    public void send(Waiter waiter, Message message, boolean wait, long timeout) throws IOException, ErrnoException {
        Notice told = waiter.await(() -> {
            lock.lockInterruptibly();
            try {
                await(() -> count < most, wait, timeout);
                messages.computeIfAbsent(message.priority, any -> new ArrayDeque<>()).add(message);
                count++;
                changed.signalAll();
                // Who waits for the message gets it, and nobody is told of it.
                Notice one = count == 1 && receivers == 0 ? notice : null;
                notice = one == null ? notice : null;
                return one;
            } finally {
                lock.unlock();
            }
        });
        if (told != null) {
            told.tell();
        }
        watchers.forEach(Runnable::run);
    }

    /**
     * Takes the oldest message of the highest priority.
     *
     * @param timeout nanoseconds; {@code Long.MAX_VALUE}: for ever
     * @throws ErrnoException EAGAIN: it is empty, and the caller does not wait; ETIMEDOUT
     */
    public Message receive(Waiter waiter, boolean wait, long timeout) throws IOException, ErrnoException {
        Message message = waiter.await(() -> {
            lock.lockInterruptibly();
            receivers++;
            try {
                await(() -> count > 0, wait, timeout);
                ArrayDeque<Message> first = messages.lastEntry().getValue();
                Message taken = first.remove();
                if (first.isEmpty()) {
                    messages.remove(taken.priority);
                }
                count--;
                changed.signalAll();
                return taken;
            } finally {
                receivers--;
                lock.unlock();
            }
        });
        watchers.forEach(Runnable::run);
        return message;
    }

    private interface Ready {
        boolean now();
    }

    private void await(Ready ready, boolean wait, long timeout) throws InterruptedException, ErrnoException {
        long left = timeout;
        while (!ready.now()) {
            if (!wait) {
                throw Errno.EAGAIN.exception();
            }
            if (timeout == Long.MAX_VALUE) {
                changed.await();
            } else if (left > 0) {
                left = clock.await(lock, changed, left);
            } else {
                throw Errno.ETIMEDOUT.exception();
            }
        }
    }

    /** Has somebody told. @throws ErrnoException EBUSY: somebody is told already */
    void setNotice(Notice wanted) throws ErrnoException {
        lock.lock();
        try {
            if (notice != null && notice.alive()) {
                throw Errno.EBUSY.exception();
            }
            notice = wanted;
        } finally {
            lock.unlock();
        }
    }

    /** Has somebody told no more, if he is. */
    void removeNotice(Notice old) {
        Notice removed = null;
        lock.lock();
        try {
            if (old != null && old.equals(notice)) {
                removed = notice;
                notice = null;
            }
        } finally {
            lock.unlock();
        }
        if (removed != null) {
            removed.removed();
        }
    }
}
