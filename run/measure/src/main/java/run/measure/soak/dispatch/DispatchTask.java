package run.measure.soak.dispatch;

import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import kernel.core.dispatch.Dispatcher;
import org.osgi.framework.BundleContext;
import run.measure.kernel.Task;
import run.measure.soak.Failures;

/**
 * The soak inside its kernel: actors, and a watch over them. Arguments: milliseconds and seed. Writes {@code count} lines
 * once a second, and {@code fail} lines at the end. Metaspace is looked at after a third of the time and at the end.
 */
public final class DispatchTask implements Task {

    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(60);
    private static final int KILO = 1024;
    /** So much it may grow: what is loaded late, by the library and by the measuring itself. */
    private static final long SLACK = 4096;

    /** Kept, because a logger that nobody refers to forgets its level. */
    private final Logger dispatcher = Logger.getLogger("kernel.core.dispatcher");

    private final Failures failures = new Failures();
    private final Map<Thread, Actor> actors = new LinkedHashMap<>();

    @Override
    public int run(BundleContext context, List<String> arguments) throws InterruptedException {
        dispatcher.setLevel(Level.SEVERE); // that handlers are stopped is part of the soak
        long nanos = TimeUnit.MILLISECONDS.toNanos(Long.parseLong(arguments.get(0)));
        hire(context, new SplittableRandom(Long.parseLong(arguments.get(1))));
        long start = System.nanoTime();
        actors.keySet().forEach(Thread::start);
        watch(start + nanos / 3);
        long early = metaspace();
        watch(start + nanos);
        actors.values().forEach(Actor::stop);
        for (Thread thread : actors.keySet()) {
            thread.join(TimeUnit.NANOSECONDS.toMillis(PATIENCE));
            if (thread.isAlive()) {
                failures.add(stuck(thread));
            }
        }
        long late = metaspace();
        report();
        System.out.println("count metaspace-early-kB " + early);
        System.out.println("count metaspace-late-kB " + late);
        if (late > early + early / 10 + SLACK) {
            failures.add("metaspace grew from " + early + " to " + late + " kB");
        }
        failures.list().forEach(failure -> System.out.println("fail " + failure.replace('\n', ' ')));
        return failures.list().isEmpty() ? 0 : 1;
    }

    private void hire(BundleContext context, SplittableRandom random) {
        Dispatcher dispatcher = context.getService(context.getServiceReference(Dispatcher.class));
        hire(false, new PairSwapper(dispatcher, random.split(), failures));
        Left left = dispatcher.stub(Left.class);
        Right right = dispatcher.stub(Right.class);
        int processors = Runtime.getRuntime().availableProcessors();
        for (int i = 0; i < processors + 2; i++) {
            // in no virtual threads: unbinding does not see these
            hire(false, new PairRaiser(left, right, failures));
        }
        hire(false, new Leaver(context, dispatcher, random.split(), failures));
        hire(true, new Leaver(context, dispatcher, random.split(), failures));
        hire(false, new LateCaller(dispatcher, random.split(), failures));
        hire(false, new KeyOwner(0, dispatcher, random.split(), failures));
        hire(true, new KeyOwner(1, dispatcher, random.split(), failures));
        hire(false, new Limiter(context, failures));
    }

    private void hire(boolean virtual, Actor actor) {
        String name = actor.getClass().getSimpleName() + " " + actors.size();
        actors.put((virtual ? Thread.ofVirtual() : Thread.ofPlatform().daemon()).name(name).unstarted(actor), actor);
    }

    /** Until then, or until somebody stands still, or enough went wrong. */
    private void watch(long end) throws InterruptedException {
        Map<Thread, Long> last = new LinkedHashMap<>();
        Map<Thread, Long> moved = new LinkedHashMap<>();
        while (System.nanoTime() < end && !failures.enough()) {
            TimeUnit.NANOSECONDS.sleep(Math.clamp(end - System.nanoTime(), 1, TimeUnit.SECONDS.toNanos(1)));
            report();
            for (Map.Entry<Thread, Actor> entry : actors.entrySet()) {
                Long now = entry.getValue().done();
                if (!now.equals(last.put(entry.getKey(), now)) || !entry.getKey().isAlive()) {
                    moved.put(entry.getKey(), System.nanoTime());
                } else if (System.nanoTime() - moved.get(entry.getKey()) > PATIENCE) {
                    failures.add(stuck(entry.getKey()));
                    return;
                }
            }
        }
    }

    private static String stuck(Thread thread) {
        StringBuilder text = new StringBuilder(thread.getName() + " stands still:");
        for (StackTraceElement frame : thread.getStackTrace()) {
            text.append(" at ").append(frame);
        }
        return text.toString();
    }

    private static long metaspace() {
        System.gc();
        System.gc();
        return ManagementFactory.getMemoryPoolMXBeans().stream().filter(pool -> pool.getName().equals("Metaspace"))
                .mapToLong(pool -> pool.getUsage().getUsed()).sum() / KILO;
    }

    private void report() {
        Map<String, Long> counts = new TreeMap<>();
        actors.values().forEach(actor -> counts.merge(actor.counted(), actor.done(), Long::sum));
        counts.forEach((name, count) -> System.out.println("count " + name + " " + count));
        System.out.flush();
    }
}
