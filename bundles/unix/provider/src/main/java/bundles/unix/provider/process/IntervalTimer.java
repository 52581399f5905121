package bundles.unix.provider.process;

import kernel.core.machine.Clock;
import kernel.core.strand.Strand;
import kernel.core.strand.Strands;

/**
 * A timer that does something once or again and again (setitimer(2), ITIMER_REAL). The monitor guards it. A strand of its own
 * waits; each setting has a new one, the old one ends by itself.
 */
public final class IntervalTimer {

    private final Clock clock;
    private final Strands strands;
    private final Runnable expired;
    private long deadline;
    private long interval;
    private int setting;
    private Strand strand;

    /**
     * @param clock measures
     * @param strands make the strand that waits
     * @param expired what to do each time; called with the monitor held, must not wait
     */
    public IntervalTimer(Clock clock, Strands strands, Runnable expired) {
        this.clock = clock;
        this.strands = strands;
        this.expired = expired;
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
            deadline = saturatedSum(clock.monotonicTime(), value);
            int mine = setting;
            strand = strands.fork("unix-timer", () -> run(mine));
        }
    }

    /** Nanoseconds to the next time, 1 or more; 0 when stopped. */
    public synchronized long value() {
        return deadline == 0 ? 0 : Math.max(1, deadline - clock.monotonicTime());
    }

    /** Nanoseconds between times. */
    public synchronized long interval() {
        return interval;
    }

    private void run(int mine) {
        try {
            long wait;
            while ((wait = step(mine)) > 0) {
                clock.sleep(wait);
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
        long left = deadline - clock.monotonicTime();
        if (left > 0) {
            return left;
        }
        expired.run();
        if (interval == 0) {
            deadline = 0;
            strand = null;
            return 0;
        }
        // Times that were missed are not made up for.
        deadline = saturatedSum(deadline - left / interval * interval, interval);
        return Math.max(1, deadline - clock.monotonicTime());
    }

    private static long saturatedSum(long a, long b) {
        return a + b < 0 ? Long.MAX_VALUE : a + b;
    }
}
