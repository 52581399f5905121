package kernel.ext.sched.provider;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Date;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import kernel.core.strand.Parameters;
import kernel.core.strand.StrandLock;

/**
 * A lock with priority inheritance. Taking and giving one that nobody waits for is a compare-and-set of {@link #owner}. Who must
 * wait enters itself under the {@link LockTable}'s monitor, tries once more, and parks; who gives the lock away and sees
 * somebody waiting hands it over under the same monitor, so that nobody overtakes.
 */
final class PriorityLock implements StrandLock {

    /** Somebody who waits. */
    static final class Waiter {
        final Thread thread = Thread.currentThread();
        final StrandTask strand;
        final PriorityLock lock;
        volatile boolean granted;

        Waiter(PriorityLock lock, StrandTask strand) {
            this.lock = lock;
            this.strand = strand;
        }

        int priority() {
            return strand == null ? Parameters.USUAL.priority() : strand.parameters().priority();
        }
    }

    private static final Comparator<Waiter> FIRST = Comparator.comparingInt(Waiter::priority);

    private final String name;
    private final LockTable table;
    /** The strand that a thread is, or null. */
    private final Function<Thread, StrandTask> strands;
    private final AtomicReference<Thread> owner = new AtomicReference<>();
    /** How often the holder holds it; only the holder looks. */
    private int depth;
    /** Belongs to the table's monitor. */
    private final List<Waiter> waiters = new ArrayList<>();
    private volatile int waiting;

    PriorityLock(String name, LockTable table, Function<Thread, StrandTask> strands) {
        this.name = name;
        this.table = table;
        this.strands = strands;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String holder() {
        Thread holder = owner.get();
        return holder == null ? null : holder.getName();
    }

    @Override
    public int waiting() {
        return waiting;
    }

    Thread owner() {
        return owner.get();
    }

    StrandTask strandOf(Thread thread) {
        return strands.apply(thread);
    }

    /** With the table's monitor. */
    List<Waiter> waiters() {
        return waiters;
    }

    // ---- taking

    @Override
    public boolean tryLock() {
        Thread self = Thread.currentThread();
        if (owner.get() == self) {
            depth++;
            return true;
        }
        if (waiting == 0 && owner.compareAndSet(null, self)) {
            depth = 1;
            return true;
        }
        return false;
    }

    @Override
    public void lock() {
        boolean interrupted = false;
        while (true) {
            try {
                acquire(Long.MAX_VALUE);
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void lockInterruptibly() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        acquire(Long.MAX_VALUE);
    }

    @Override
    public boolean tryLock(long time, TimeUnit unit) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        return acquire(unit.toNanos(time));
    }

    /** @return whether it was taken in that time */
    private boolean acquire(long nanoseconds) throws InterruptedException {
        if (tryLock()) {
            return true;
        }
        if (nanoseconds <= 0) {
            return false;
        }
        Waiter self = new Waiter(this, strandOf(Thread.currentThread()));
        synchronized (table) {
            waiters.add(self);
            waiting = waiters.size();
            // whoever gave it away before it saw us left it free
            if (waiters.size() == 1 && owner.compareAndSet(null, self.thread)) {
                leave(self);
                depth = 1;
                return true;
            }
            table.waits(self);
        }
        long end = nanoseconds == Long.MAX_VALUE ? Long.MAX_VALUE : System.nanoTime() + nanoseconds;
        while (!self.granted) {
            long rest = end == Long.MAX_VALUE ? Long.MAX_VALUE : end - System.nanoTime();
            boolean interrupted = Thread.interrupted();
            if ((rest <= 0 || interrupted) && giveUp(self)) {
                if (interrupted) {
                    throw new InterruptedException();
                }
                return false;
            }
            if (interrupted) {
                Thread.currentThread().interrupt(); // it was granted after all
                break;
            }
            if (end == Long.MAX_VALUE) {
                LockSupport.park(this);
            } else {
                LockSupport.parkNanos(this, rest);
            }
        }
        depth = 1;
        return true;
    }

    /** @return false: it has been granted meanwhile */
    private boolean giveUp(Waiter self) {
        synchronized (table) {
            if (self.granted) {
                return false;
            }
            leave(self);
            table.waitsNoMore(self);
            table.passed(this, owner.get());
            return true;
        }
    }

    private void leave(Waiter waiter) {
        waiters.remove(waiter);
        waiting = waiters.size();
    }

    // ---- giving

    @Override
    public void unlock() {
        Thread self = Thread.currentThread();
        if (owner.get() != self) {
            throw new IllegalMonitorStateException(name + " is held by " + holder() + ", not by " + self.getName());
        }
        if (--depth > 0) {
            return;
        }
        owner.set(null);
        if (waiting > 0) {
            handOver(self);
        }
    }

    private void handOver(Thread self) {
        Waiter next;
        synchronized (table) {
            if (waiters.isEmpty() || owner.get() != null) {
                table.passed(this, self);
                return; // who holds it now will look
            }
            next = waiters.getFirst();
            for (Waiter waiter : waiters) {
                if (FIRST.compare(waiter, next) > 0) {
                    next = waiter;
                }
            }
            owner.set(next.thread);
            leave(next);
            table.waitsNoMore(next);
            table.passed(this, self);
            next.granted = true;
        }
        LockSupport.unpark(next.thread);
    }

    // ---- conditions

    @Override
    public Condition newCondition() {
        return new Waiting();
    }

    /** A condition; its queue belongs to the lock's holder. */
    private final class Waiting implements Condition {

        private static final class Node {
            private final Thread thread = Thread.currentThread();
            private volatile boolean signalled;
        }

        private final Deque<Node> queue = new ArrayDeque<>();

        private void held() {
            if (owner.get() != Thread.currentThread()) {
                throw new IllegalMonitorStateException(name + " must be held to wait or signal");
            }
        }

        /** @return nanoseconds that were left */
        private long await(long nanoseconds, boolean interruptible) throws InterruptedException {
            held();
            if (interruptible && Thread.interrupted()) {
                throw new InterruptedException();
            }
            Node self = new Node();
            queue.add(self);
            int held = depth;
            depth = 1;
            unlock();
            long end = nanoseconds == Long.MAX_VALUE ? Long.MAX_VALUE : System.nanoTime() + nanoseconds;
            boolean interrupted = false;
            while (!self.signalled) {
                long rest = end == Long.MAX_VALUE ? Long.MAX_VALUE : end - System.nanoTime();
                interrupted |= Thread.interrupted();
                if (rest <= 0 || interrupted && interruptible) {
                    break;
                }
                if (end == Long.MAX_VALUE) {
                    LockSupport.park(this);
                } else {
                    LockSupport.parkNanos(this, rest);
                }
            }
            lock();
            depth = held;
            queue.remove(self);
            if (interrupted && interruptible && !self.signalled) {
                throw new InterruptedException();
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
            if (self.signalled) {
                return end == Long.MAX_VALUE ? 1 : Math.max(1, end - System.nanoTime()); // what it was woken for is its own to do
            }
            return end == Long.MAX_VALUE ? 0 : end - System.nanoTime();
        }

        @Override
        public void await() throws InterruptedException {
            await(Long.MAX_VALUE, true);
        }

        @Override
        public void awaitUninterruptibly() {
            try {
                await(Long.MAX_VALUE, false);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public long awaitNanos(long nanoseconds) throws InterruptedException {
            return await(nanoseconds, true);
        }

        @Override
        public boolean await(long time, TimeUnit unit) throws InterruptedException {
            return await(unit.toNanos(time), true) > 0;
        }

        @Override
        public boolean awaitUntil(Date deadline) throws InterruptedException {
            return await(TimeUnit.MILLISECONDS.toNanos(deadline.getTime() - System.currentTimeMillis()), true) > 0;
        }

        @Override
        public void signal() {
            held();
            Node first = queue.poll();
            if (first != null) {
                first.signalled = true;
                LockSupport.unpark(first.thread);
            }
        }

        @Override
        public void signalAll() {
            held();
            while (!queue.isEmpty()) {
                signal();
            }
        }
    }

    @Override
    public String toString() {
        return name + (holder() == null ? "" : " held by " + holder());
    }
}
