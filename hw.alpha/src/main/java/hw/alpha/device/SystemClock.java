package hw.alpha.device;

import java.time.Instant;
import java.time.InstantSource;
import kernel.core.machine.Clock;

/** The interval clock and the time-of-day clock, both the host's. Thread-safe. */
public final class SystemClock implements Clock {

    private static final long SECOND = 1_000_000_000L;

    private final InstantSource source = InstantSource.system();
    private final long start = System.nanoTime();

    /** A clock whose monotonic time starts now. */
    public SystemClock() {}

    @Override
    public long realTime() {
        Instant now = source.instant();
        return now.getEpochSecond() * SECOND + now.getNano();
    }

    @Override
    public long monotonicTime() {
        return System.nanoTime() - start;
    }
}
