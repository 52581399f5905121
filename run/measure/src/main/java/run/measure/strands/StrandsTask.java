package run.measure.strands;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import kernel.core.strand.Schedulers;
import kernel.core.strand.Strands;
import org.osgi.framework.BundleContext;
import run.measure.HostWaits;
import run.measure.dispatch.Figures;
import run.measure.kernel.Task;

/**
 * What strands cost. Arguments: the milliseconds to measure, and the way: {@code strand}, or {@code virtual} or
 * {@code platform} for Java's own threads (figures {@code forkjoin} and {@code pingpong}, nanoseconds); {@code swaps}
 * (figures {@code longest}, milliseconds that a strand which should run all the time did not, {@code quiet} the same without
 * swaps, {@code waits} for the host's processors, {@code jvm}, {@code host} and {@code turns}, of which the longest consists, and
 * {@code slower}, the work done in terms of that done without; lines {@code stop} tell of the longest ones).
 */
public final class StrandsTask implements Task {

    /** Begins a line that tells of a stop. */
    static final String STOP = "stop ";

    private static final int BATCH = 100;
    private static final int PROCESSORS = 2;

    @Override
    public int run(BundleContext context, List<String> arguments) throws InterruptedException, IOException {
        long nanos = TimeUnit.MILLISECONDS.toNanos(Long.parseLong(arguments.get(0)));
        Strands strands = Host.strands(context, PROCESSORS);
        Figures figures = new Figures(System.out);
        switch (arguments.get(1)) {
            case "strand" -> {
                Function<Runnable, Joined> fork = body -> strands.fork("x", body)::join;
                both(fork, nanos, figures);
            }
            case "virtual" -> both(body -> joined(Thread.startVirtualThread(body)), nanos, figures);
            case "platform" -> both(body -> joined(Thread.ofPlatform().start(body)), nanos, figures);
            case "swaps" -> swaps(strands, context.getService(context.getServiceReference(Schedulers.class)), nanos,
                    figures);
            default -> throw new IllegalArgumentException("There is no way \"" + arguments.get(1) + "\"");
        }
        return figures.status();
    }

    /** Waits for the end of something. */
    private interface Joined {
        boolean join(long nanoseconds) throws InterruptedException;
    }

    private static Joined joined(Thread thread) {
        return nanoseconds -> {
            thread.join();
            return true;
        };
    }

    /** Both are measured in one of those that are measured: a kernel's strands are made by strands. */
    private static void both(Function<Runnable, Joined> fork, long nanos, Figures figures) throws InterruptedException {
        double[] results = new double[2];
        fork.apply(() -> {
            try {
                results[0] = forkJoin(fork, nanos);
                results[1] = pingPong(fork, nanos);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }).join(0);
        figures.check(results[1] > 0, "it did not end");
        figures.put("forkjoin", results[0]);
        figures.put("pingpong", results[1]);
    }

    private static double forkJoin(Function<Runnable, Joined> fork, long nanos) throws InterruptedException {
        AtomicLong ran = new AtomicLong();
        Batches batches = new Batches(nanos);
        while (batches.more()) {
            long start = System.nanoTime();
            for (int i = 0; i < BATCH; i++) {
                fork.apply(ran::incrementAndGet).join(0);
            }
            batches.add((double) (System.nanoTime() - start) / BATCH);
        }
        if (ran.get() != batches.count() * (long) BATCH) {
            throw new IllegalStateException("only " + ran + " ran");
        }
        return batches.median();
    }

    private static double pingPong(Function<Runnable, Joined> fork, long nanos) throws InterruptedException {
        Semaphore ping = new Semaphore(0);
        Semaphore pong = new Semaphore(0);
        boolean[] over = new boolean[1];
        Joined other = fork.apply(() -> {
            while (true) {
                ping.acquireUninterruptibly();
                if (over[0]) {
                    return;
                }
                pong.release();
            }
        });
        Batches batches = new Batches(nanos);
        while (batches.more()) {
            long start = System.nanoTime();
            for (int i = 0; i < BATCH; i++) {
                ping.release();
                pong.acquireUninterruptibly();
            }
            batches.add((double) (System.nanoTime() - start) / BATCH);
        }
        over[0] = true;
        ping.release();
        other.join(0);
        return batches.median();
    }

    /** Figures of batches; the first half is warm-up. */
    private static final class Batches {
        private final long end;
        private final long half;
        private double[] figures = new double[1024];
        private int count;
        private int warm;

        Batches(long nanos) {
            half = System.nanoTime() + nanos;
            end = half + nanos;
        }

        boolean more() {
            return System.nanoTime() < end || count < 10;
        }

        void add(double figure) {
            if (count == figures.length) {
                figures = Arrays.copyOf(figures, 2 * count);
            }
            figures[count++] = figure;
            if (System.nanoTime() < half) {
                warm = count;
            }
        }

        int count() {
            return count;
        }

        double median() {
            double[] late = Arrays.copyOfRange(figures, Math.min(warm, count - 1), count);
            Arrays.sort(late);
            return late[late.length / 2];
        }
    }

    /** Four strands compute on two processors while policies change ten times a second, and while they do not. */
    private static void swaps(Strands strands, Schedulers schedulers, long nanos, Figures figures)
            throws InterruptedException, IOException {
        load(strands, nanos / 4, null, new Stops()); // warm-up
        Stops quiet = new Stops();
        long quietWork = load(strands, nanos, null, quiet);
        Stops swapped = new Stops();
        TurnLog turns = new TurnLog();
        try (JvmPauses jvm = new JvmPauses(); HostWaits host = new HostWaits("self", "carrier")) {
            schedulers.observe(turns);
            long work = load(strands, nanos, schedulers, swapped);
            schedulers.observe(null);
            if (host.longest().median() != null) {
                figures.put("waits", host.longest().median());
            }
            figures.put("slower", (double) quietWork / work);
            tell(swapped, turns, jvm.pauses(), host.waits(), figures);
        }
        figures.put("longest", swapped.longest().getFirst().length() / 1e6);
        figures.put("quiet", quiet.longest().getFirst().length() / 1e6);
        figures.check(schedulers.report().isEmpty(), schedulers.report().lines().findFirst().orElse(""));
    }

    /** What the longest stops consist of: that of the longest as figures, all in words. */
    private static void tell(Stops stops, TurnLog turns, List<JvmPauses.Pause> pauses, List<HostWaits.Wait> waits,
            Figures figures) {
        boolean first = true;
        for (Stops.Stop stop : stops.longest()) {
            List<TurnLog.Turn> during = turns.within(stop.from(), stop.to());
            Stops.Parts parts = Stops.parts(stop, during, pauses, waits);
            if (first) {
                figures.put("jvm", parts.jvm() / 1e6);
                figures.put("host", parts.host() / 1e6);
                figures.put("turns", parts.turns() / 1e6);
                first = false;
            }
            System.out.println(STOP + Stops.text(stop, parts, during, pauses));
        }
    }

    /** @return work done */
    private static long load(Strands strands, long nanos, Schedulers swapped, Stops stops) throws InterruptedException {
        long end = System.nanoTime() + nanos;
        AtomicLong work = new AtomicLong();
        Joined[] all = new Joined[2 * PROCESSORS];
        Arrays.setAll(all, i -> strands.fork("load" + i, () -> {
            Stops.Watched mine = stops.watch("load" + i);
            long last = System.nanoTime();
            long steps = 0;
            while (last < end) {
                strands.checkpoint();
                steps++;
                long now = System.nanoTime();
                mine.steps(last, now);
                last = now;
            }
            work.addAndGet(steps);
            mine.end();
        })::join);
        for (int i = 0; swapped != null && System.nanoTime() < end; i++) {
            List<String> policies = swapped.policies();
            swapped.choose(policies.get(i % policies.size()));
            TimeUnit.MILLISECONDS.sleep(100);
        }
        for (Joined one : all) {
            one.join(0);
        }
        return work.get();
    }
}
