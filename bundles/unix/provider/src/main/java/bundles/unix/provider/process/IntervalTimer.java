package bundles.unix.provider.process;

import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import kernel.core.machine.Clock;
import kernel.core.strand.Strand;
import kernel.core.strand.Strands;

/**
 * A timer that does something once or again and again (setitimer(2), timer_create(2)), when time has passed or when a
 * process has used so much processor time. The monitor guards it. A strand of its own
 * waits; each setting has a new one, the old one ends by itself.
 */
public final class IntervalTimer {

    private final Clock clock;
    private final Strands strands;
    private final LongConsumer expired;
    private final LongSupplier base;
    private final boolean looks;
    private long deadline;
    private long interval;
    private int setting;
    private Strand strand;

    /** How often processor time is looked at, at most. */
    private static final long LOOK = 1_000_000;

    /**
     * Of the time that passes.
     *
     * @param clock measures
     * @param strands make the strand that waits
     * @param expired what to do each time, with how many times have passed since the last; called with the monitor held,
     *        must not wait
     */
    public IntervalTimer(Clock clock, Strands strands, LongConsumer expired) {
        this(clock, strands, clock::monotonicTime, false, expired);
    }

    private IntervalTimer(Clock clock, Strands strands, LongSupplier base, boolean looks, LongConsumer expired) {
        this.clock = clock;
        this.strands = strands;
        this.base = base;
        this.looks = looks;
        this.expired = expired;
    }

    /**
     * Of processor time.
     *
     * @param clock measures how long it waits before it looks again
     * @param base nanoseconds that were used so far
     */
    static IntervalTimer ofProcessorTime(Clock clock, Strands strands, LongSupplier base, LongConsumer expired) {
        return new IntervalTimer(clock, strands, base, true, expired);
    }

    /**
     * Starts or stops it.
     *
     * @param value nanoseconds to the first time; 0 stops it
     * @param newInterval nanoseconds between later times; 0: only once
     */
    public synchronized void set(long value, long newInterval) {
        setting++;
        if (strand != null) {
            strand.interrupt();
            strand = null;
        }
        deadline = 0;
        interval = newInterval;
        if (value > 0) {
            deadline = saturatedSum(base.getAsLong(), value);
            int mine = setting;
            strand = strands.fork("unix-timer", () -> run(mine));
        }
    }

    /** Nanoseconds to the next time, 1 or more; 0 when stopped. */
    public synchronized long value() {
        return deadline == 0 ? 0 : Math.max(1, deadline - base.getAsLong());
    }

    /** Nanoseconds between times. */
    public synchronized long interval() {
        return interval;
    }

    private void run(int mine) {
        try {
            long wait;
            while ((wait = step(mine)) > 0) {
                // Several threads use processor time faster than it passes.
                clock.sleep(looks ? Math.max(LOOK, wait / 4) : wait);
            }
        } catch (InterruptedException e) {
            // Set anew: another strand has taken over.
        }
    }

    /** Does what is due; answers how long to wait, 0: for ever. */
    private synchronized long step(int mine) {
        if (mine != setting) {
            return 0;
        }
        long left = deadline - base.getAsLong();
        if (left > 0) {
            return left;
        }
        long passed = interval == 0 ? 1 : 1 - left / interval;
        expired.accept(passed);
        if (interval == 0) {
            deadline = 0;
            strand = null;
            return 0;
        }
        deadline = saturatedSum(deadline + (passed - 1) * interval, interval);
        return Math.max(1, deadline - base.getAsLong());
    }

    private static long saturatedSum(long a, long b) {
        return a + b < 0 ? Long.MAX_VALUE : a + b;
    }
}
