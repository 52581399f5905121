package kernel.core.machine;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;

/** The machine's clock; all time in the kernel comes from it. Thread-safe. */
public interface Clock {

    /** Time of day: nanoseconds since 1970-01-01 00:00 UTC. */
    long realTime();

    /** Nanoseconds since the machine was switched on; never goes back. */
    long monotonicTime();

    /**
     * Waits.
     *
     * @throws InterruptedException the strand was interrupted
     */
    default void sleep(long nanoseconds) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(nanoseconds);
    }

    /**
     * Waits for a condition, or until a time of this clock is over. May return early for no reason, as
     * {@link Condition#awaitNanos} may.
     *
     * @param lock the condition's lock, held by the caller
     * @param condition of that lock
     * @param nanoseconds how long at most
     * @return what is left of that time; 0 or less: it is over
     * @throws InterruptedException the strand was interrupted
     */
    default long await(Lock lock, Condition condition, long nanoseconds) throws InterruptedException {
        return condition.awaitNanos(nanoseconds);
    }
}
