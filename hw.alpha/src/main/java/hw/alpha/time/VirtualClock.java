package hw.alpha.time;

import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongConsumer;
import kernel.core.machine.VirtualTime;

/**
 * Time that instructions move on. The monitor guards everything; nobody waits or calls others with it. Time is moved by the one
 * strand that runs, or by the processor while none does.
 */
public final class VirtualClock implements VirtualTime {

    /** Nanoseconds of an instruction: those of a workstation of 500 million instructions a second. */
    public static final long INSTRUCTION = 2;

    /** Time of day at which every run begins: 1995-12-03, the first day of the fifteenth SOSP. */
    private static final long EPOCH = 817_948_800_000_000_000L;

    /** Somebody who waits for a time. */
    private record Alarm(long time, long number, Runnable wake) {}

    private final PriorityQueue<Alarm> alarms = new PriorityQueue<>(
            (a, b) -> a.time != b.time ? Long.compare(a.time, b.time) : Long.compare(a.number, b.number));
    private final LongConsumer reseed;
    private Executor executor = Runnable::run;
    private long now;
    private long interrupt = Long.MAX_VALUE;
    private long numbers;
    private long seed;
    private boolean running;
    /** Counts runs: a wait that one of them has begun is over when the next begins. */
    private long runs;

    /** @param reseed sets the seed of random numbers */
    public VirtualClock(LongConsumer reseed) {
        this.reseed = reseed;
    }

    @Override
    public synchronized long realTime() {
        return EPOCH + now;
    }

    @Override
    public synchronized long monotonicTime() {
        return now;
    }

    @Override
    public void sleep(long nanoseconds) throws InterruptedException {
        Lock lock = new ReentrantLock();
        Condition over = lock.newCondition();
        lock.lockInterruptibly();
        try {
            for (long left = nanoseconds; left > 0;) {
                left = await(lock, over, left);
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public long await(Lock lock, Condition condition, long nanoseconds) throws InterruptedException {
        long end;
        long run;
        Alarm alarm;
        synchronized (this) {
            end = now + nanoseconds < 0 ? Long.MAX_VALUE : now + nanoseconds;
            run = runs;
            if (end <= now) {
                return end - now;
            }
            alarm = new Alarm(end, numbers++, () -> wake(lock, condition));
            if (end != Long.MAX_VALUE) {
                alarms.add(alarm);
            }
        }
        try {
            condition.await();
        } finally {
            synchronized (this) {
                alarms.remove(alarm);
            }
        }
        synchronized (this) {
            return run == runs ? end - now : 0;
        }
    }

    private static void wake(Lock lock, Condition condition) {
        lock.lock();
        try {
            condition.signalAll(); // others that wait for it look and wait again
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void begin(long newSeed) {
        List<Alarm> before;
        Executor by;
        synchronized (this) {
            before = new ArrayList<>(alarms);
            before.sort(alarms.comparator());
            alarms.clear();
            runs++;
            seed = newSeed;
            now = 0;
            numbers = 0;
            interrupt = Long.MAX_VALUE;
            running = true;
            reseed.accept(newSeed);
            by = executor;
        }
        before.forEach(alarm -> by.execute(alarm.wake));
    }

    @Override
    public synchronized void end() {
        running = false;
    }

    @Override
    public synchronized long seed() {
        return seed;
    }

    @Override
    public synchronized void interruptAt(long time) {
        interrupt = time;
    }

    @Override
    public synchronized void wakeBy(Executor newExecutor) {
        executor = newExecutor;
    }

    @Override
    public boolean skip() {
        synchronized (this) {
            if (!running || alarms.isEmpty()) {
                return false;
            }
            now = Math.max(now, alarms.peek().time);
        }
        expire();
        return true;
    }

    /** User code has run. @param instructions how many */
    public synchronized void ran(long instructions) {
        now += instructions * INSTRUCTION;
    }

    /** Instructions until user code is to be interrupted; 0: now. */
    public synchronized long left() {
        long next = alarms.isEmpty() ? interrupt : Math.min(interrupt, alarms.peek().time);
        return next <= now ? 0 : next == Long.MAX_VALUE ? next : (next - now + INSTRUCTION - 1) / INSTRUCTION;
    }

    /** The time that {@link #left} told of has come: those that wait for it are woken, and the interval timer is off. */
    public void interrupt() {
        synchronized (this) {
            if (interrupt <= now) {
                interrupt = Long.MAX_VALUE;
            }
        }
        expire();
    }

    private void expire() {
        List<Alarm> due = new ArrayList<>();
        Executor by;
        synchronized (this) {
            while (!alarms.isEmpty() && alarms.peek().time <= now) {
                due.add(alarms.poll());
            }
            by = executor;
        }
        due.forEach(alarm -> by.execute(alarm.wake));
    }
}
