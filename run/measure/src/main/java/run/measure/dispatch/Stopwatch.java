package run.measure.dispatch;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongUnaryOperator;

/** Measures one way of getting from number to number. Each result is the next argument, so that nothing is left out. */
final class Stopwatch {

    /** Where all walks begin. */
    static final long SEED = 0x0123456789abcdefL;

    /** Shorter than a slice of the host's scheduler, so that on a busy host most batches run undisturbed. */
    private static final long BATCH_NANOS = TimeUnit.MICROSECONDS.toNanos(500);
    private static final long WINDOW = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long LONGEST_WARM_UP = TimeUnit.SECONDS.toNanos(15);
    private static final double STILL_BETTER = 0.95;

    private static final int COUNTED = 1_000_000;

    private long batch = 100;
    private long number = SEED;

    /** Nanoseconds a step: the median of batches, after a warm-up at least as long, until it gets no faster. */
    double nanos(LongUnaryOperator step, long duration) {
        long start = System.nanoTime();
        double best = Double.MAX_VALUE;
        while (true) {
            double now = window(step, WINDOW);
            long taken = System.nanoTime() - start;
            if (taken > LONGEST_WARM_UP || taken > duration && now > best * STILL_BETTER) {
                break;
            }
            best = Math.min(best, now);
        }
        double figure = window(step, duration);
        // the number is used after all: nothing before it can have been left out
        return number == 0 ? Double.NaN : figure;
    }

    private double window(LongUnaryOperator step, long duration) {
        List<Double> figures = new ArrayList<>();
        long end = System.nanoTime() + duration;
        while (System.nanoTime() < end) {
            long start = System.nanoTime();
            number = walk(step, number, batch);
            long taken = System.nanoTime() - start;
            figures.add((double) taken / batch);
            if (taken < BATCH_NANOS) {
                batch = Math.min(batch * 2, 1L << 30);
            } else if (taken > BATCH_NANOS * 10) {
                batch = Math.max(batch / 2, 1);
            }
        }
        return quantile(figures.stream().mapToDouble(figure -> figure).toArray(), 0.5);
    }

    /** Bytes that a step allocates in this thread, once it has been warmed up by {@link #nanos}. */
    double bytes(LongUnaryOperator step) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        threads.getCurrentThreadAllocatedBytes(); // the first call may load classes
        long before = threads.getCurrentThreadAllocatedBytes();
        long last = walk(step, SEED, COUNTED);
        long bytes = threads.getCurrentThreadAllocatedBytes() - before;
        return last == 0 ? Double.NaN : (double) bytes / COUNTED;
    }

    static long walk(LongUnaryOperator step, long from, long times) {
        long number = from;
        for (long i = 0; i < times; i++) {
            number = step.applyAsLong(number);
        }
        return number;
    }

    /** The figure below which that part of them is, 0.5 for the median; sorts them. */
    static double quantile(double[] figures, double part) {
        Arrays.sort(figures);
        return figures[(int) Math.min(figures.length - 1, figures.length * part)];
    }
}
