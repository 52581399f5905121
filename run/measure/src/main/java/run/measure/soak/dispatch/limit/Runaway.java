package run.measure.soak.dispatch.limit;

import java.util.concurrent.locks.ReentrantLock;

/** Does not end for odd numbers, and holds a lock meanwhile. */
final class Runaway implements Limited {

    private final ReentrantLock lock;
    private long turns;

    Runaway(ReentrantLock lock) {
        this.lock = lock;
    }

    @Override
    public long limited(long number) {
        lock.lock();
        try {
            while ((number & 1) == 1) {
                turns++;
            }
            return -number;
        } finally {
            lock.unlock();
        }
    }

    long turns() {
        return turns;
    }
}
