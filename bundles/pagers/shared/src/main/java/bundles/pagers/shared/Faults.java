package bundles.pagers.shared;

import java.util.concurrent.atomic.LongAdder;

/** How often a right was waited for, and how long. Thread-safe. */
final class Faults {

    private final LongAdder reads = new LongAdder();
    private final LongAdder readTime = new LongAdder();
    private final LongAdder writes = new LongAdder();
    private final LongAdder writeTime = new LongAdder();

    /** A right was given. @param nanoseconds since it was asked for */
    void count(boolean write, long nanoseconds) {
        (write ? writes : reads).increment();
        (write ? writeTime : readTime).add(nanoseconds);
    }

    @Override
    public String toString() {
        return "%d read faults, %d us each, %d write faults, %d us each".formatted(reads.sum(),
                mean(readTime, reads), writes.sum(), mean(writeTime, writes));
    }

    private static long mean(LongAdder time, LongAdder count) {
        return time.sum() / 1000 / Math.max(1, count.sum());
    }
}
