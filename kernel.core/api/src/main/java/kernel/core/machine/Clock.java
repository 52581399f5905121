package kernel.core.machine;

import java.util.concurrent.TimeUnit;

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
}
