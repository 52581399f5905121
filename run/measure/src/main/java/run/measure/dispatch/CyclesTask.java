package run.measure.dispatch;

import java.lang.management.ManagementFactory;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import kernel.core.dispatch.Binding;
import kernel.core.dispatch.Bound;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import run.measure.kernel.Task;

/**
 * Whether changes leave something behind: installs and uninstalls handlers again and again, in all ways, with raises in
 * between. Arguments: how many times, and after how many to look first. Figures, kilobytes: {@code metaspace-early},
 * {@code metaspace-late}, {@code code-early}, {@code code-late}.
 */
public final class CyclesTask implements Task {

    private static final int RAISES = 200;
    private static final double KILO = 1024;

    @Override
    public int run(BundleContext context, List<String> arguments) {
        int times = Integer.parseInt(arguments.get(0));
        int early = Integer.parseInt(arguments.get(1));
        Events events = new Events(context);
        Figures figures = new Figures(System.out);
        Step step = events.own(Step.class, new Procedure());
        KeyedStep keyed = events.own(KeyedStep.class, (number, port) -> number);
        events.step(new CountingHandler(0), CountingHandler.WANTS, 1);
        for (int i = 1; i <= times; i++) {
            CountingHandler handler = new CountingHandler(0);
            switch (i % 3) {
                case 0 -> {
                    try (Bound _ = events.step(handler, CountingHandler.WANTS, 0)) {
                        raise(step, handler, figures);
                    }
                }
                case 1 -> {
                    ServiceRegistration<Step> registration = context.registerService(Step.class, handler,
                            new Hashtable<>(Map.of(Binding.ROLE, Binding.HANDLER, Binding.NAME, "handler")));
                    raise(step, handler, figures);
                    registration.unregister();
                }
                default -> {
                    try (Bound _ = events.dispatcher().bind(Events.keyed(i % 100))) {
                        for (int j = 0; j < RAISES; j++) {
                            keyed.step(j, j % 100);
                        }
                    }
                }
            }
            if (i == early || i == times) {
                look(i == early ? "early" : "late", figures);
            }
        }
        return figures.status();
    }

    private static void raise(Step step, CountingHandler handler, Figures figures) {
        Stopwatch.walk(step::step, Stopwatch.SEED, RAISES);
        figures.check(handler.trace() != 0, "the handler did not run");
    }

    private static void look(String when, Figures figures) {
        for (int i = 0; i < 3; i++) {
            System.gc(); // what nobody needs is not counted
        }
        figures.put("metaspace-" + when, used("Metaspace"));
        figures.put("code-" + when, used("Code"));
    }

    private static double used(String prefix) {
        return ManagementFactory.getMemoryPoolMXBeans().stream().filter(pool -> pool.getName().startsWith(prefix))
                .mapToLong(pool -> pool.getUsage().getUsed()).sum() / KILO;
    }
}
