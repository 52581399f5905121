package kernel.ext.net.provider;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import kernel.core.machine.Clock;
import kernel.core.machine.NetworkAdapter;
import kernel.core.strand.Strand;
import kernel.core.strand.Strands;
import kernel.ext.net.api.IpLink;

/**
 * A stack with its lock, its clock and the strand that wakes it. Thread-safe: whoever enters holds the lock until he leaves. On
 * leaving, the strand is woken if there is a deadline before the one that it sleeps for.
 */
final class Host {

    private static final long LONGEST = TimeUnit.SECONDS.toNanos(3600);

    private final System.Logger log = System.getLogger(Host.class.getName());
    final ReentrantLock lock = new ReentrantLock();
    private final Condition alarm = lock.newCondition();
    private final Clock clock;
    final Stack stack;
    private long sleepingUntil;
    private boolean over;
    private Strand strand;

    Host(Clock clock, Stack stack) {
        this.clock = clock;
        this.stack = stack;
    }

    long now() {
        return clock.monotonicTime();
    }

    void start(Strands strands, String name) {
        strand = strands.fork(name, this::run);
    }

    /** Gives everything back. Interfaces must have been disconnected before. */
    void stop() {
        lock.lock();
        try {
            over = true;
            stack.close();
            alarm.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Takes the lock. */
    void enter() {
        lock.lock();
    }

    /** Gives the lock back. */
    void leave() {
        if (lock.getHoldCount() == 1 && stack.nextDeadline() < sleepingUntil) {
            alarm.signal();
        }
        lock.unlock();
    }

    /** An adapter's frames go to an interface. */
    void attach(NetworkAdapter adapter, int index) {
        adapter.connect((frame, offset, length) -> {
            lock.lock();
            try {
                if (!over) {
                    stack.frame(index, frame, offset, length, now());
                }
            } catch (RuntimeException e) {
                failed(e);
            } finally {
                leave();
            }
        });
    }

    /** An interface that is no Ethernet. */
    void attach(IpLink link, int index) {
        link.connect((packet, offset, length) -> {
            lock.lock();
            try {
                if (!over) {
                    stack.packet(index, packet, offset, length, now());
                }
            } catch (RuntimeException e) {
                failed(e);
            } finally {
                leave();
            }
        });
    }

    /** A handler failed: the packet is lost, the stack goes on. */
    private void failed(RuntimeException e) {
        if (stack.counters.handlersFailed++ < 10) {
            log.log(System.Logger.Level.ERROR, "a packet was dropped since its handler failed", e);
        }
    }

    private void run() {
        lock.lock();
        try {
            while (!over) {
                long now = now();
                try {
                    stack.poll(now);
                } catch (RuntimeException e) {
                    failed(e);
                }
                sleepingUntil = Math.min(stack.nextDeadline(), now + LONGEST);
                alarm.awaitNanos(sleepingUntil - now());
                sleepingUntil = 0;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public String toString() {
        return "strand " + strand;
    }
}
