package run.measure.dispatch;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import kernel.core.dispatch.Binding;
import org.osgi.framework.BundleContext;
import run.measure.kernel.Task;

/**
 * From an asynchronous raise to the start of its handler, under a steady load: a platform thread raises every 20
 * microseconds. Figures {@code median} and {@code p99}, microseconds. Arguments: the milliseconds to measure, and the way:
 * {@code handler} (an asynchronous handler of a synchronous event), {@code event} (an asynchronous event), {@code thread}
 * (a new virtual thread for each call, as one would do by hand).
 */
public final class AsyncTask implements Task {

    private static final long PERIOD = TimeUnit.MICROSECONDS.toNanos(20);
    private static final int QUEUE = 1024;

    private double[] delays;
    /** Handlers of one event run one after the other, but those of plain threads do not. */
    private final AtomicInteger ran = new AtomicInteger();

    @Override
    public int run(BundleContext context, List<String> arguments) throws InterruptedException {
        long nanos = TimeUnit.MILLISECONDS.toNanos(Long.parseLong(arguments.get(0)));
        Stamp raise = raise(arguments.get(1), context);
        Figures figures = new Figures(System.out);
        load(raise, nanos); // warms up
        int raised = load(raise, nanos);
        long patience = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (ran.get() < raised && System.nanoTime() < patience) {
            TimeUnit.MILLISECONDS.sleep(1);
        }
        figures.check(ran.get() == raised, ran.get() + " of " + raised + " calls ran");
        figures.put("median", Stopwatch.quantile(delays, 0.5) / 1000);
        figures.put("p99", Stopwatch.quantile(delays, 0.99) / 1000);
        return figures.status();
    }

    private Stamp raise(String way, BundleContext context) {
        switch (way) {
            case "handler" -> {
                Events events = new Events(context);
                Stamp stub = events.own(Stamp.class, nanos -> {});
                events.dispatcher()
                        .bind(Binding.handler(Stamp.class, this::arrived).name("late").async(QUEUE, Binding.WAIT));
                return stub;
            }
            case "event" -> {
                return new Events(context).own(AsyncStamp.class, this::arrived)::stamp;
            }
            case "thread" -> {
                return nanos -> Thread.startVirtualThread(() -> arrived(nanos));
            }
            default -> throw new IllegalArgumentException("There is no way \"" + way + "\"");
        }
    }

    private void arrived(long raised) {
        long delay = System.nanoTime() - raised;
        int at = ran.getAndIncrement();
        if (at < delays.length) {
            delays[at] = delay;
        }
    }

    private int load(Stamp raise, long nanos) throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(100); // what is under way ends
        int times = (int) (nanos / PERIOD);
        delays = new double[times];
        ran.set(0);
        long next = System.nanoTime();
        for (int i = 0; i < times; i++) {
            next += PERIOD;
            while (System.nanoTime() < next) {
                Thread.onSpinWait();
            }
            // a raiser that was kept from its processor does not make up for it: the load is to be steady
            next = Math.max(next, System.nanoTime() - PERIOD);
            raise.stamp(System.nanoTime());
        }
        return times;
    }
}
