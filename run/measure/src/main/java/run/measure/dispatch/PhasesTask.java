package run.measure.dispatch;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongUnaryOperator;
import kernel.core.dispatch.Bound;
import org.osgi.framework.BundleContext;
import run.measure.kernel.Task;

/**
 * What raisers do to each other, and changes to raisers. Both sides take turns in one virtual machine, so that what
 * disturbs the machine disturbs both. Arguments: the milliseconds to measure each side, and one of
 * <dl>
 * <dt>{@code call-threads}, {@code threads}
 * <dd>figures {@code one} and {@code two}: steps a nanosecond of one thread and of two together, by the interface and by
 * the event; {@code scaling} is two / one
 * <dt>{@code swaps}
 * <dd>figures {@code undisturbed} and {@code swapped}: nanoseconds a raise, in the second case while another thread
 * replaces a handler 100 times a second
 * </dl>
 */
public final class PhasesTask implements Task {

    private static final int PHASES = 8;
    private static final int HANDLERS = 5;
    private static final int BATCH = 10_000;
    private static final long PERIOD = TimeUnit.MILLISECONDS.toNanos(10);

    private final AtomicLong sink = new AtomicLong();
    private volatile long end;

    @Override
    public int run(BundleContext context, List<String> arguments) throws InterruptedException {
        long phase = TimeUnit.MILLISECONDS.toNanos(Long.parseLong(arguments.get(0))) / PHASES;
        Figures figures = new Figures(System.out);
        switch (arguments.get(1)) {
            case "call-threads" -> {
                Step step = new Procedure();
                threads(step::step, phase, figures);
            }
            case "threads" -> {
                Events events = new Events(context);
                Step step = events.own(Step.class, new Procedure());
                for (int i = 0; i < HANDLERS; i++) {
                    // guards that refuse: they read, and so do not make the raisers wait for each other's writes
                    events.step(new CountingHandler(0), CountingHandler.ONLY, i);
                }
                threads(step::step, phase, figures);
            }
            case "swaps" -> swaps(new Events(context), phase, figures);
            default -> throw new IllegalArgumentException("There is no way \"" + arguments.get(1) + "\"");
        }
        figures.check(sink.get() != 1, "the walks did not end where they should");
        return figures.status();
    }

    /** Steps a nanosecond of this thread until the phase ends. */
    private double rate(LongUnaryOperator step) {
        long start = System.nanoTime();
        long number = Stopwatch.SEED + Thread.currentThread().threadId();
        long steps = 0;
        while (System.nanoTime() < end) {
            number = Stopwatch.walk(step, number, BATCH);
            steps += BATCH;
        }
        sink.addAndGet(number << 1); // used after all
        return (double) steps / (System.nanoTime() - start);
    }

    private void threads(LongUnaryOperator step, long phase, Figures figures) throws InterruptedException {
        double[] one = new double[PHASES];
        double[] two = new double[PHASES];
        for (int i = -1; i < PHASES; i++) { // the first one warms up
            end = System.nanoTime() + phase;
            double alone = rate(step);
            end = System.nanoTime() + phase;
            double[] other = new double[1];
            Thread thread = Thread.ofPlatform().start(() -> other[0] = rate(step));
            double mine = rate(step);
            thread.join();
            if (i >= 0) {
                one[i] = alone;
                two[i] = mine + other[0];
            }
        }
        double single = Stopwatch.quantile(one, 0.5);
        double both = Stopwatch.quantile(two, 0.5);
        figures.put("one", single);
        figures.put("two", both);
        figures.put("scaling", both / single);
    }

    private void swaps(Events events, long phase, Figures figures) throws InterruptedException {
        Step step = events.own(Step.class, new Procedure());
        events.step(new CountingHandler(0), CountingHandler.WANTS, 0);
        Bound[] swapped = {events.step(new CountingHandler(0), CountingHandler.WANTS, 1)};
        List<Double> undisturbed = new ArrayList<>();
        List<Double> disturbed = new ArrayList<>();
        for (int i = -1; i < PHASES; i++) { // the first one warms up
            end = System.nanoTime() + phase;
            double quiet = 1 / rate(step::step);
            end = System.nanoTime() + phase;
            Thread swapper = Thread.ofPlatform().start(() -> swapAllTheTime(events, swapped));
            double busy = 1 / rate(step::step);
            swapper.join();
            if (i >= 0) {
                undisturbed.add(quiet);
                disturbed.add(busy);
            }
        }
        double quiet = Stopwatch.quantile(undisturbed.stream().mapToDouble(d -> d).toArray(), 0.5);
        double busy = Stopwatch.quantile(disturbed.stream().mapToDouble(d -> d).toArray(), 0.5);
        figures.put("undisturbed", quiet);
        figures.put("swapped", busy);
    }

    private void swapAllTheTime(Events events, Bound[] swapped) {
        for (long next = System.nanoTime(); next < end; next += PERIOD) {
            swapped[0] = events.dispatcher().swap(List.of(swapped[0]),
                    List.of(Events.binding(new CountingHandler(0), CountingHandler.WANTS, 1))).getFirst();
            LockSupport.parkNanos(next + PERIOD - System.nanoTime());
        }
    }
}
