package run.measure.dispatch;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import kernel.core.dispatch.Binding;
import org.osgi.framework.BundleContext;
import run.measure.kernel.Task;

/**
 * Measures one way of getting from number to number: {@code call} (the procedure through its interface), or a number of
 * handlers that are bound beside it (the event's stub). One way for each virtual machine: what HotSpot has seen of one
 * would spoil another. Arguments: the way, and the milliseconds to measure.
 */
public final class DispatchTask implements Task {

    /** The way without an event. */
    static final String CALL = "call";

    private static final long SEED = 0x0123456789abcdefL;
    private static final long BATCH_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final int CHECKED = 1000;

    @Override
    public int run(BundleContext context, List<String> arguments) {
        Procedure procedure = new Procedure();
        List<CountingHandler> handlers = new ArrayList<>();
        Step step = procedure;
        if (!arguments.getFirst().equals(CALL)) {
            context.registerService(Step.class, procedure, new Hashtable<>(Map.of(Binding.ROLE, Binding.INTRINSIC)));
            for (int i = 0; i < Integer.parseInt(arguments.getFirst()); i++) {
                CountingHandler handler = new CountingHandler(i);
                handlers.add(handler);
                context.registerService(Step.class, handler, new Hashtable<>(
                        Map.of(Binding.ROLE, Binding.HANDLER, Binding.GUARD, "wants", Binding.NAME, "handler" + i)));
            }
            step = context.getService(context.getServiceReference(Step.class));
            if (step == procedure) {
                throw new IllegalStateException("The service of " + Step.class + " is not the event's stub");
            }
        }
        double nanos = measure(step, TimeUnit.MILLISECONDS.toNanos(Long.parseLong(arguments.get(1))));
        String wrong = check(step, handlers);
        System.out.println(wrong == null ? "ns " + nanos : "wrong " + wrong);
        return wrong == null ? 0 : 1;
    }

    /** Nanoseconds a call: the median of batches, after a warm-up of the same length. */
    private static double measure(Step step, long duration) {
        long number = SEED;
        long batch = 1000;
        long end = System.nanoTime() + duration;
        long last = 0;
        while (System.nanoTime() < end) {
            long start = System.nanoTime();
            number = walk(step, number, batch);
            last = System.nanoTime() - start;
            if (last < BATCH_NANOS) {
                batch = Math.min(batch * 2, 1L << 30);
            }
        }
        double[] figures = new double[(int) Math.max(1, duration / Math.max(1, last))];
        for (int i = 0; i < figures.length; i++) {
            long start = System.nanoTime();
            number = walk(step, number, batch);
            figures[i] = (double) (System.nanoTime() - start) / batch;
        }
        Arrays.sort(figures);
        // the number is used after all: nothing before it can have been left out
        return number == 0 ? Double.NaN : figures[figures.length / 2];
    }

    private static long walk(Step step, long from, long times) {
        long number = from;
        for (long i = 0; i < times; i++) {
            number = step.step(number);
        }
        return number;
    }

    /** Whether the code that was measured still does what it should; {@code null} if all is well. */
    private static String check(Step step, List<CountingHandler> handlers) {
        // two guards refuse two of the numbers that will come
        Step model = new Procedure();
        long second = model.step(SEED);
        for (int i = 0; i < handlers.size(); i++) {
            handlers.get(i).refuse(i % 2 == 0 ? second : 0);
        }
        long got = walk(step, SEED, CHECKED);
        CountingHandler skipping = new CountingHandler(second);
        CountingHandler all = new CountingHandler(0);
        long number = SEED;
        for (int i = 0; i < CHECKED; i++) {
            for (CountingHandler handler : List.of(skipping, all)) {
                if (handler.wants(number)) {
                    handler.step(number);
                }
            }
            number = model.step(number);
        }
        if (got != number) {
            return "the result is " + got + " and should be " + number;
        }
        for (int i = 0; i < handlers.size(); i++) {
            if (handlers.get(i).trace() != (i % 2 == 0 ? skipping : all).trace()) {
                return "handler " + i + " of " + handlers.size() + " did not run as often as its guard said";
            }
        }
        return null;
    }
}
