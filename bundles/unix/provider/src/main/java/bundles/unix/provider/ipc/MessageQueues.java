package bundles.unix.provider.ipc;

import bundles.unix.provider.abi.Errno;
import bundles.unix.provider.abi.ErrnoException;
import bundles.unix.provider.abi.InterruptedCall;
import bundles.unix.provider.abi.Waiter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.LinkedList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import kernel.core.machine.Clock;

/** Queues of messages with a type (msgget(2), msgop(2), msgctl(2)). Concurrency: {@link #lock} guards all of it. */
public final class MessageQueues {

    /** Bytes of a message and, at first, of a queue (linux/msg.h). */
    public static final int MSGMAX = 8192, MSGMNB = 16_384;
    /** Flags of msgrcv(2): a message that is too long is cut; any type but this; a copy of one by its place. */
    public static final int MSG_NOERROR = 010000, MSG_EXCEPT = 020000, MSG_COPY = 040000;

    /** A message. @param type 1 or more */
    public record Message(long type, byte[] text) {}

    /** A queue. */
    public static final class Queue extends Table.Entry {
        private final List<Message> messages = new LinkedList<>();
        private final Condition changed;
        private long room = MSGMNB;
        private long bytes;
        private long sent;
        private long received;
        private long made;
        private int sender;
        private int receiver;

        private Queue(Condition changed, long now) {
            this.changed = changed;
            this.made = now;
        }
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final Clock clock;
    private final Table<Queue> table;

    /**
     * @param clock tells when something happened
     * @param user whose they are
     * @param group its group
     */
    public MessageQueues(Clock clock, int user, int group) {
        this.clock = clock;
        this.table = new Table<>(user, group);
    }

    private long now() {
        return Math.floorDiv(clock.realTime(), 1_000_000_000L);
    }

    /** Id of a queue (msgget(2)). */
    public int get(int key, int flags) throws ErrnoException {
        lock.lock();
        try {
            return table.get(key, flags, queue -> true, () -> new Queue(lock.newCondition(), now())).id();
        } finally {
            lock.unlock();
        }
    }

    /** What is tried until it can be done. @param <T> its answer; null: not now */
    private interface Attempt<T> {
        T attempt(Queue queue) throws ErrnoException;
    }

    private <T> T await(Waiter waiter, int id, Errno notNow, boolean wait, Attempt<T> attempt)
            throws ErrnoException, IOException {
        try {
            return waiter.await(() -> {
                lock.lockInterruptibly();
                try {
                    Queue queue = table.find(id);
                    while (true) {
                        T answer = attempt.attempt(queue);
                        if (answer != null) {
                            queue.changed.signalAll();
                            return answer;
                        }
                        if (!wait) {
                            throw notNow.exception();
                        }
                        queue.changed.await();
                        if (queue.removed()) {
                            throw Errno.EIDRM.exception();
                        }
                    }
                } finally {
                    lock.unlock();
                }
            });
        } catch (InterruptedCall e) {
            throw Errno.EINTR.exception(); // never made again (signal(7))
        }
    }

    /** Sends a message. @throws ErrnoException EAGAIN: there is no room; EIDRM; EINTR; EINVAL */
    public void send(Waiter waiter, int process, int id, Message message, boolean wait)
            throws ErrnoException, IOException {
        await(waiter, id, Errno.EAGAIN, wait, queue -> {
            if (message.text.length + queue.bytes > queue.room || queue.messages.size() >= queue.room) {
                return null;
            }
            queue.messages.add(message);
            queue.bytes += message.text.length;
            queue.sent = now();
            queue.sender = process;
            return message;
        });
    }

    /**
     * Takes a message.
     *
     * @param type 0: the first; more: the first of this type; less: the first of the lowest type up to its absolute value
     * @param most bytes that there is room for
     * @param flags MSG_ and IPC_NOWAIT
     * @throws ErrnoException ENOMSG, E2BIG, EIDRM, EINTR, EINVAL
     */
    public Message receive(Waiter waiter, int process, int id, long type, long most, int flags)
            throws ErrnoException, IOException {
        return await(waiter, id, Errno.ENOMSG, (flags & Table.IPC_NOWAIT) == 0, queue -> {
            Message found = find(queue, type, (flags & MSG_EXCEPT) != 0);
            if (found == null) {
                return null;
            }
            if (found.text.length > most && (flags & MSG_NOERROR) == 0) {
                throw Errno.E2BIG.exception();
            }
            for (Iterator<Message> all = queue.messages.iterator(); all.hasNext();) {
                if (all.next() == found) {
                    all.remove();
                    break;
                }
            }
            queue.bytes -= found.text.length;
            queue.received = now();
            queue.receiver = process;
            return found;
        });
    }

    private static Message find(Queue queue, long type, boolean except) {
        Message best = null;
        for (Message one : queue.messages) {
            if (type == 0 || type > 0 && (one.type == type) != except) {
                return one;
            }
            if (type < 0 && one.type <= (type == Long.MIN_VALUE ? Long.MAX_VALUE : -type)
                    && (best == null || one.type < best.type)) {
                best = one;
            }
        }
        return best;
    }

    /** Removes a queue; who waits for it is told (IPC_RMID). */
    public void remove(int id) throws ErrnoException {
        lock.lock();
        try {
            Queue queue = table.find(id);
            table.remove(queue);
            queue.changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Sets permissions and how many bytes there is room for (IPC_SET). */
    public void set(int id, int mode, long room) throws ErrnoException {
        lock.lock();
        try {
            Queue queue = table.find(id);
            queue.setMode(mode);
            queue.room = room;
            queue.made = now();
            queue.changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** As {@code struct msqid64_ds} (IPC_STAT). */
    public ByteBuffer status(int id) throws ErrnoException {
        lock.lock();
        try {
            Queue queue = table.find(id);
            return queue.struct(120, 0).putLong(48, queue.sent).putLong(56, queue.received).putLong(64, queue.made)
                    .putLong(72, queue.bytes).putLong(80, queue.messages.size()).putLong(88, queue.room)
                    .putInt(96, queue.sender).putInt(100, queue.receiver);
        } finally {
            lock.unlock();
        }
    }
}
