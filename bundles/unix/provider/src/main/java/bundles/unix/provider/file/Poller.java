package bundles.unix.provider.file;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import kernel.core.machine.Clock;

/** Lets a strand wait until one of several files may have become ready. The lock guards it. */
public final class Poller implements Runnable {

    private final Clock clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean woken;

    /** @param clock measures how long it waits */
    public Poller(Clock clock) {
        this.clock = clock;
    }

    /** Something has changed: who waits looks again. Any strand. */
    @Override
    public void run() {
        lock.lock();
        try {
            woken = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until something has changed since the last wait.
     *
     * @param nanoseconds how long at most
     * @throws InterruptedException the strand was interrupted
     */
    public void await(long nanoseconds) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            if (!woken && nanoseconds > 0) {
                // Early returns do no harm: who waits looks, and waits again.
                clock.await(lock, changed, nanoseconds);
            }
            woken = false;
        } finally {
            lock.unlock();
        }
    }
}
