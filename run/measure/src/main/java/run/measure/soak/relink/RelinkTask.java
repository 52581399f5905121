package run.measure.soak.relink;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.osgi.framework.BundleContext;
import run.measure.kernel.Task;
import run.measure.soak.Failures;

/**
 * The soak inside its kernel: raisers, a changer, and a watch over both. Arguments: milliseconds and seed. Writes a line
 * {@code count NAME NUMBER} for each count once a second, and {@code fail TEXT} for each failure at the end.
 */
public final class RelinkTask implements Task {

    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(30);

    /** Kept, because a logger that nobody refers to forgets its level. */
    private final Logger dispatcher = Logger.getLogger("kernel.core.dispatcher");

    private final Failures failures = new Failures();
    private final Map<Thread, Raiser> raisers = new LinkedHashMap<>();

    @Override
    public int run(BundleContext context, List<String> arguments) throws InterruptedException {
        // wishes for an order beside somebody who has just gone are part of the soak
        dispatcher.setLevel(Level.SEVERE);
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(Long.parseLong(arguments.get(0)));
        Changer changer = new Changer(context, Long.parseLong(arguments.get(1)), failures);
        Visit event = context.getService(context.getServiceReference(Visit.class));
        int processors = Runtime.getRuntime().availableProcessors();
        for (int i = 0; i < processors + 2; i++) {
            Raiser raiser = new Raiser(event, changer.history(), failures);
            boolean virtual = i >= processors;
            raisers.put((virtual ? Thread.ofVirtual() : Thread.ofPlatform().daemon()).name("raiser " + i)
                    .unstarted(raiser), raiser);
        }
        Thread changing = Thread.ofPlatform().daemon().name("changer").start(changer);
        raisers.keySet().forEach(Thread::start);
        watch(end, changer, changing);
        changer.stop();
        ended(changing);
        raisers.values().forEach(Raiser::stop);
        for (Thread raising : raisers.keySet()) {
            ended(raising);
        }
        report(changer);
        failures.list().forEach(failure -> System.out.println("fail " + failure.replace('\n', ' ')));
        return failures.list().isEmpty() ? 0 : 1;
    }

    /** Until the time is over, or somebody stands still, or enough went wrong. */
    private void watch(long end, Changer changer, Thread changing) throws InterruptedException {
        List<Long> last = counts(changer);
        List<Long> moved = new ArrayList<>(last.stream().map(count -> System.nanoTime()).toList());
        while (System.nanoTime() < end && !failures.enough()) {
            TimeUnit.NANOSECONDS.sleep(Math.clamp(end - System.nanoTime(), 1, TimeUnit.SECONDS.toNanos(1)));
            report(changer);
            List<Long> now = counts(changer);
            List<Thread> threads = new ArrayList<>(raisers.keySet());
            threads.add(changing);
            for (int i = 0; i < now.size(); i++) {
                if (!now.get(i).equals(last.get(i))) {
                    moved.set(i, System.nanoTime());
                } else if (System.nanoTime() - moved.get(i) > PATIENCE) {
                    failures.add(stuck(threads.get(i)));
                    return;
                }
            }
            last = now;
        }
    }

    private List<Long> counts(Changer changer) {
        List<Long> counts = new ArrayList<>(raisers.values().stream().map(Raiser::done).toList());
        counts.add(changer.changes());
        return counts;
    }

    private void ended(Thread thread) throws InterruptedException {
        thread.join(TimeUnit.NANOSECONDS.toMillis(PATIENCE));
        if (thread.isAlive()) {
            failures.add(stuck(thread));
        }
    }

    private static String stuck(Thread thread) {
        StringBuilder text = new StringBuilder(thread.getName() + " stands still:");
        for (StackTraceElement frame : thread.getStackTrace()) {
            text.append(" at ").append(frame);
        }
        return text.toString();
    }

    private void report(Changer changer) {
        System.out.println("count raises " + raisers.values().stream().mapToLong(Raiser::done).sum());
        System.out.println("count changes " + changer.changes());
        System.out.println("count raisers " + raisers.size());
        System.out.flush();
    }
}
