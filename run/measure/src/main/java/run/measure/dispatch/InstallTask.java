package run.measure.dispatch;

import java.util.ArrayList;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import kernel.core.dispatch.Binding;
import kernel.core.dispatch.Bound;
import kernel.core.dispatch.Dispatcher;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import run.measure.kernel.Task;

/**
 * What it takes to bind. Arguments: the milliseconds to measure, and the way:
 * <dl>
 * <dt>{@code one}
 * <dd>figures {@code bind} and {@code unbind} by the dispatcher's interface, {@code register} and {@code unregister} by the
 * registry, microseconds, medians; {@code first}, the very first one by the dispatcher
 * <dt>{@code guarded}, {@code keyed}
 * <dd>a thousand on one event: {@code total}, milliseconds; {@code last}, what the last hundred took in terms of the first
 * hundred; {@code first}, the total of the very first time
 * </dl>
 */
public final class InstallTask implements Task {

    private static final int THOUSAND = 1000;
    private static final int PART = 100;
    private static final double MICROS = 1000;
    private static final double MILLIS = 1_000_000;

    @Override
    public int run(BundleContext context, List<String> arguments) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(Long.parseLong(arguments.get(0)));
        Events events = new Events(context);
        Figures figures = new Figures(System.out);
        Step step = events.own(Step.class, new Procedure());
        KeyedStep keyed = events.own(KeyedStep.class, (number, port) -> number);
        switch (arguments.get(1)) {
            case "one" -> one(context, events, step, end, figures);
            case "guarded" -> thousand(events.dispatcher(), i -> Events.binding(new CountingHandler(i),
                    CountingHandler.WANTS, i), () -> step.step(1), end, figures);
            case "keyed" -> thousand(events.dispatcher(), Events::keyed, () -> keyed.step(1, 1), end, figures);
            default -> throw new IllegalArgumentException("There is no way \"" + arguments.get(1) + "\"");
        }
        return figures.status();
    }

    /** By turns one way and the other; the first half is warm-up. */
    private static void one(BundleContext context, Events events, Step step, long end, Figures figures) {
        List<double[]> rounds = new ArrayList<>();
        while (System.nanoTime() < end || rounds.size() < PART) {
            CountingHandler handler = new CountingHandler(0);
            long start = System.nanoTime();
            Bound bound = events.step(handler, CountingHandler.WANTS, 0);
            long bind = System.nanoTime() - start;
            raised(step, handler, true, figures);
            start = System.nanoTime();
            bound.close();
            long unbind = System.nanoTime() - start;
            raised(step, handler, false, figures);
            Hashtable<String, Object> properties = new Hashtable<>(Map.of(Binding.ROLE, Binding.HANDLER, Binding.GUARD,
                    CountingHandler.WANTS, Binding.NAME, "handler"));
            start = System.nanoTime();
            ServiceRegistration<Step> registration = context.registerService(Step.class, handler, properties);
            long register = System.nanoTime() - start;
            raised(step, handler, true, figures);
            start = System.nanoTime();
            registration.unregister();
            long unregister = System.nanoTime() - start;
            raised(step, handler, false, figures);
            rounds.add(new double[]{bind, unbind, register, unregister});
        }
        List<String> names = List.of("bind", "unbind", "register", "unregister");
        for (int i = 0; i < names.size(); i++) {
            int column = i;
            double[] late = rounds.stream().skip(rounds.size() / 2).mapToDouble(round -> round[column]).toArray();
            figures.put(names.get(i), Stopwatch.quantile(late, 0.5) / MICROS);
        }
        figures.put("first", rounds.getFirst()[0] / MICROS);
    }

    /** A raise after a change must show it. */
    private static void raised(Step step, CountingHandler handler, boolean expected, Figures figures) {
        handler.refuse(0);
        step.step(Stopwatch.SEED);
        figures.check(handler.trace() != 0 == expected,
                "the handler " + (expected ? "did not run after it was bound" : "ran after it was unbound"));
    }

    private static void thousand(Dispatcher dispatcher, IntFunction<Binding<?>> binding, Runnable raise, long end,
            Figures figures) {
        List<double[]> rounds = new ArrayList<>();
        while (System.nanoTime() < end || rounds.size() < 4) {
            List<Binding<?>> wanted = new ArrayList<>();
            for (int i = 0; i < THOUSAND; i++) {
                wanted.add(binding.apply(i));
            }
            List<Bound> bound = new ArrayList<>();
            long[] times = new long[THOUSAND + 1];
            times[0] = System.nanoTime();
            for (int i = 0; i < THOUSAND; i++) {
                bound.add(dispatcher.bind(wanted.get(i)));
                times[i + 1] = System.nanoTime();
            }
            raise.run();
            rounds.add(new double[]{times[THOUSAND] - times[0],
                    (double) (times[THOUSAND] - times[THOUSAND - PART]) / (times[PART] - times[0])});
            dispatcher.swap(bound, List.of());
        }
        List<double[]> late = rounds.subList(rounds.size() / 2, rounds.size());
        figures.put("total", Stopwatch.quantile(late.stream().mapToDouble(round -> round[0]).toArray(), 0.5) / MILLIS);
        figures.put("last", Stopwatch.quantile(late.stream().mapToDouble(round -> round[1]).toArray(), 0.5));
        figures.put("first", rounds.getFirst()[0] / MILLIS);
    }
}
