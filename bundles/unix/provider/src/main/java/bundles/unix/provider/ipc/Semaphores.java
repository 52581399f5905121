package bundles.unix.provider.ipc;

import bundles.unix.provider.abi.Errno;
import bundles.unix.provider.abi.ErrnoException;
import bundles.unix.provider.abi.InterruptedCall;
import bundles.unix.provider.abi.Waiter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import kernel.core.machine.Clock;

/**
 * Sets of semaphores (semget(2), semop(2), semctl(2)).
 *
 * <p>Concurrency: {@link #lock} guards all of it; all who wait for a set look again when it has changed.
 */
public final class Semaphores {

    /** Most in a set, highest value, most operations at once (linux/sem.h). */
    public static final int SEMMSL = 32_000, SEMVMX = 32_767, SEMOPM = 500;
    /** Of an operation: undone at the process's end. */
    public static final int SEM_UNDO = 0x1000;

    /**
     * What semop(2) does with a semaphore of a set.
     *
     * @param number which, from 0
     * @param change what is added; 0: it waits for 0
     * @param flags IPC_NOWAIT, SEM_UNDO
     */
    public record Operation(int number, int change, int flags) {

        private boolean has(int flag) {
            return (flags & flag) != 0;
        }
    }

    /** A set. */
    public static final class Set extends Table.Entry {
        private final int[] values;
        private final int[] lastProcess;
        private final int[] waitMore;
        private final int[] waitZero;
        private final Condition changed;
        private long operated;
        private long made;
        private final Map<Integer, int[]> undo = new HashMap<>();

        private Set(int count, Condition changed, long now) {
            values = new int[count];
            lastProcess = new int[count];
            waitMore = new int[count];
            waitZero = new int[count];
            this.changed = changed;
            made = now;
        }
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final Clock clock;
    private final Table<Set> table;

    /**
     * @param clock tells when something happened
     * @param user whose they are
     * @param group its group
     */
    public Semaphores(Clock clock, int user, int group) {
        this.clock = clock;
        this.table = new Table<>(user, group);
    }

    private long now() {
        return Math.floorDiv(clock.realTime(), 1_000_000_000L);
    }

    /** Id of a set (semget(2)). */
    public int get(int key, int count, int flags) throws ErrnoException {
        if (count < 0 || count > SEMMSL) {
            throw Errno.EINVAL.exception();
        }
        lock.lock();
        try {
            return table.get(key, flags, set -> count <= set.values.length, () -> {
                if (count == 0) {
                    throw Errno.EINVAL.exception();
                }
                return new Set(count, lock.newCondition(), now());
            }).id();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Does all operations at once, when it can.
     *
     * @param process who asks
     * @param timeout nanoseconds; {@code Long.MAX_VALUE}: for ever
     * @throws ErrnoException EAGAIN: not now, or not in this time; EIDRM: the set was removed; EINTR; EFBIG; ERANGE
     */
    public void operate(Waiter waiter, int process, int id, List<Operation> operations, long timeout)
            throws ErrnoException, IOException {
        try {
            waiter.await(() -> {
                lock.lockInterruptibly();
                try {
                    Set set = table.find(id);
                    for (Operation one : operations) {
                        if (one.number >= set.values.length) {
                            throw Errno.EFBIG.exception();
                        }
                    }
                    await(set, process, operations, timeout);
                    return 0;
                } finally {
                    lock.unlock();
                }
            });
        } catch (InterruptedCall e) {
            throw Errno.EINTR.exception(); // never made again (signal(7))
        }
    }

    private void await(Set set, int process, List<Operation> operations, long timeout)
            throws InterruptedException, ErrnoException {
        long left = timeout;
        while (true) {
            Operation blocking = attempt(set, process, operations);
            if (blocking == null) {
                set.operated = now();
                set.changed.signalAll();
                return;
            }
            if (blocking.has(Table.IPC_NOWAIT) || left <= 0) {
                throw Errno.EAGAIN.exception();
            }
            int[] count = blocking.change == 0 ? set.waitZero : set.waitMore;
            count[blocking.number]++;
            try {
                if (timeout == Long.MAX_VALUE) {
                    set.changed.await();
                } else {
                    left = clock.await(lock, set.changed, left);
                }
            } finally {
                count[blocking.number]--;
            }
            if (set.removed()) {
                throw Errno.EIDRM.exception();
            }
        }
    }

    /** Does all or nothing. @return the one that cannot be done now, or null */
    private static Operation attempt(Set set, int process, List<Operation> operations) throws ErrnoException {
        int[] values = set.values.clone();
        int[] undo = set.undo.getOrDefault(process, new int[values.length]).clone();
        for (Operation one : operations) {
            int value = values[one.number] + one.change;
            if (one.change == 0 ? value != 0 : value < 0) {
                return one;
            }
            if (value > SEMVMX) {
                throw Errno.ERANGE.exception();
            }
            values[one.number] = value;
            if (one.has(SEM_UNDO)) {
                undo[one.number] -= one.change;
            }
        }
        System.arraycopy(values, 0, set.values, 0, values.length);
        operations.forEach(one -> set.lastProcess[one.number] = process);
        if (operations.stream().anyMatch(one -> one.has(SEM_UNDO))) {
            set.undo.put(process, undo);
        }
        return null;
    }

    /** A process has ended: what it did is undone where it asked for that. */
    public void ended(int process) {
        lock.lock();
        try {
            for (Set set : table.all()) {
                int[] undo = set.undo.remove(process);
                if (undo != null) {
                    for (int i = 0; i < undo.length; i++) {
                        set.values[i] = Math.clamp(set.values[i] + undo[i], 0, SEMVMX);
                    }
                    set.changed.signalAll();
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** Removes a set; who waits for it is told (IPC_RMID). */
    public void remove(int id) throws ErrnoException {
        lock.lock();
        try {
            Set set = table.find(id);
            table.remove(set);
            set.changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Sets permissions (IPC_SET). */
    public void setMode(int id, int mode) throws ErrnoException {
        lock.lock();
        try {
            table.find(id).setMode(mode);
            table.find(id).made = now();
        } finally {
            lock.unlock();
        }
    }

    /** As {@code struct semid64_ds} (IPC_STAT). */
    public ByteBuffer status(int id) throws ErrnoException {
        lock.lock();
        try {
            Set set = table.find(id);
            return set.struct(88, 0).putLong(48, set.operated).putLong(56, set.made).putLong(64, set.values.length);
        } finally {
            lock.unlock();
        }
    }

    /** What there is to know of a semaphore. */
    public enum What {
        /** Its value. */
        VALUE,
        /** Who changed it last. */
        PROCESS,
        /** How many wait that it becomes greater. */
        MORE,
        /** How many wait that it becomes 0. */
        ZERO
    }

    /** Tells it. @throws ErrnoException EINVAL: there is no such semaphore */
    public int get(int id, int number, What what) throws ErrnoException {
        lock.lock();
        try {
            Set set = table.find(id);
            check(set, number);
            return (switch (what) {
                case VALUE -> set.values;
                case PROCESS -> set.lastProcess;
                case MORE -> set.waitMore;
                case ZERO -> set.waitZero;
            })[number];
        } finally {
            lock.unlock();
        }
    }

    private static void check(Set set, int number) throws ErrnoException {
        if (number < 0 || number >= set.values.length) {
            throw Errno.EINVAL.exception();
        }
    }

    /** All values (GETALL). */
    public int[] values(int id) throws ErrnoException {
        lock.lock();
        try {
            return table.find(id).values.clone();
        } finally {
            lock.unlock();
        }
    }

    /** Sets a value (SETVAL). @throws ErrnoException ERANGE: no such value */
    public void set(int process, int id, int number, int value) throws ErrnoException {
        lock.lock();
        try {
            Set set = table.find(id);
            check(set, number);
            change(set, number, value, process);
        } finally {
            lock.unlock();
        }
    }

    /** Sets all values (SETALL). */
    public void setAll(int process, int id, int[] values) throws ErrnoException {
        lock.lock();
        try {
            Set set = table.find(id);
            for (int value : values) {
                if (value > SEMVMX) {
                    throw Errno.ERANGE.exception();
                }
            }
            for (int i = 0; i < set.values.length; i++) {
                change(set, i, values[i], process);
            }
        } finally {
            lock.unlock();
        }
    }

    private void change(Set set, int number, int value, int process) throws ErrnoException {
        if (value < 0 || value > SEMVMX) {
            throw Errno.ERANGE.exception();
        }
        set.values[number] = value;
        set.lastProcess[number] = process;
        set.made = now();
        set.undo.values().forEach(undo -> undo[number] = 0);
        set.changed.signalAll();
    }
}
