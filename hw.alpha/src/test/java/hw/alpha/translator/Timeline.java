package hw.alpha.translator;

import hw.alpha.translator.Region.Stage;
import java.util.EnumMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.StringJoiner;
import java.util.function.LongSupplier;

/**
 * Tells each tenth of a second what a program has executed, how much of it by regions in which stage, how many of these there are, and
 * what the translator and HotSpot's compilers were busy for: where a first run's time goes. Numbers are of instructions, in millions.
 */
public final class Timeline {

    private static final long MILLION = 1_000_000;

    private final Map<Region, Long> seen = new IdentityHashMap<>();
    private final Translator translator;
    private final LongSupplier executed;

    private Timeline(Translator translator, LongSupplier executed) {
        this.translator = translator;
        this.executed = executed;
    }

    /** Begins, in a thread of its own that ends with the JVM. @param executed tells what the program has executed */
    public static void start(Translator translator, LongSupplier executed) {
        Thread thread = new Thread(new Timeline(translator, executed)::watch, "timeline");
        thread.setDaemon(true);
        thread.start();
    }

    private void watch() {
        long start = System.nanoTime();
        long before = 0;
        var then = translator.statistics();
        try {
            while (true) {
                Thread.sleep(100);
                long all = executed.getAsLong();
                var now = translator.statistics();
                System.err.printf("%5d ms: executed %d%s; translator %d ms, compilers %d ms%n",
                        (System.nanoTime() - start) / MILLION, (all - before) / MILLION, stages(),
                        (now.time() - then.time()) / MILLION, (now.compileTime() - then.compileTime()) / MILLION);
                before = all;
                then = now;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private String stages() {
        Map<Stage, Long> work = new EnumMap<>(Stage.class);
        Map<Stage, Integer> count = new EnumMap<>(Stage.class);
        for (Region region : translator.all()) {
            // What a region that was made again begins with is not its own.
            work.merge(region.stage, region.work - seen.getOrDefault(region, region.work), Long::sum);
            count.merge(region.stage, 1, Integer::sum);
            seen.put(region, region.work);
        }
        StringJoiner text = new StringJoiner("");
        count.forEach((stage, regions) -> text.add(
                ", " + stage.name().toLowerCase(java.util.Locale.ROOT) + " " + work.get(stage) / MILLION + " in "
                        + regions));
        return text.toString();
    }
}
