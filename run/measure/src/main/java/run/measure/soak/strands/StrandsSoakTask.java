package run.measure.soak.strands;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.logging.Level;
import java.util.logging.Logger;
import kernel.core.strand.Parameters;
import kernel.core.strand.Schedulable;
import kernel.core.strand.Schedulers;
import kernel.core.strand.SchedulingPolicy;
import kernel.core.strand.Strand;
import kernel.core.strand.StrandLock;
import kernel.core.strand.Strands;
import org.osgi.framework.BundleContext;
import run.measure.kernel.Task;
import run.measure.strands.Host;

/**
 * The soak inside its kernel. Arguments: milliseconds and seed. Writes {@code count} lines once a second and {@code fail} lines
 * for what it finds.
 */
public final class StrandsSoakTask implements Task {

    private static final int PROCESSORS = 3;
    private static final int RING = 16;
    private static final int TOKENS = 5;
    private static final int OTHERS = 6;
    private static final int PATIENCE = 30;

    /** Kept, because a logger that nobody refers to forgets its level. */
    private final Logger scheduler = Logger.getLogger("kernel.sched");
    private final AtomicLongArray passes = new AtomicLongArray(RING);
    private final AtomicLongArray works = new AtomicLongArray(OTHERS);
    private final AtomicLong forks = new AtomicLong();
    private final AtomicLong joins = new AtomicLong();
    private final List<Strand> all = new ArrayList<>();
    private volatile boolean over;
    private volatile String wrong = "";
    private long guarded;

    @Override
    public int run(BundleContext context, List<String> arguments) throws InterruptedException {
        scheduler.setLevel(Level.OFF); // that policies fail is part of the soak
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(Long.parseLong(arguments.get(0)));
        SplittableRandom random = new SplittableRandom(Long.parseLong(arguments.get(1)));
        Strands strands = Host.strands(context, PROCESSORS);
        Schedulers schedulers = context.getService(context.getServiceReference(Schedulers.class));
        context.registerService(SchedulingPolicy.class, new Failing(random.split()),
                new Hashtable<>(Map.of(SchedulingPolicy.NAME, "failing")));
        ring(strands, random);
        others(strands, random);
        long changes = 0;
        long[] last = new long[RING + OTHERS];
        int still = 0;
        long next = System.nanoTime();
        while (System.nanoTime() < end && wrong.isEmpty()) {
            List<String> policies = schedulers.policies();
            schedulers.choose(policies.get(random.nextInt(policies.size())));
            changes++;
            TimeUnit.MILLISECONDS.sleep(random.nextInt(20));
            if (System.nanoTime() > next) {
                next += TimeUnit.SECONDS.toNanos(1);
                still = moved(last) ? 0 : still + 1;
                if (still > PATIENCE) {
                    wrong = "somebody stands still: " + where();
                }
                report(changes);
            }
        }
        over = true;
        finish(strands);
        report(changes);
        if (!wrong.isEmpty()) {
            System.out.println("fail " + wrong.replace('\n', ' '));
        }
        return wrong.isEmpty() ? 0 : 1;
    }

    /** Strands that hand tokens on; each waits for the one before. */
    private void ring(Strands strands, SplittableRandom random) {
        Semaphore[] places = new Semaphore[RING];
        Arrays.setAll(places, i -> new Semaphore(i < TOKENS ? 1 : 0));
        for (int i = 0; i < RING; i++) {
            int me = i;
            all.add(strands.fork("ring " + i, Parameters.USUAL.withPriority(990 + random.nextInt(20)), () -> {
                while (!over) {
                    try {
                        if (!places[me].tryAcquire(100, TimeUnit.MILLISECONDS)) {
                            continue;
                        }
                    } catch (InterruptedException e) {
                        wrong = "interrupted by nobody";
                    }
                    passes.incrementAndGet(me);
                    places[(me + 1) % RING].release();
                }
            }));
        }
    }

    /** Strands that compute, sleep, fork others, and share what a lock guards. */
    private void others(Strands strands, SplittableRandom random) {
        StrandLock lock = strands.lock("guard");
        boolean[] inside = new boolean[1];
        for (int i = 0; i < OTHERS; i++) {
            int me = i;
            SplittableRandom own = random.split();
            all.add(strands.fork("worker " + i, Parameters.USUAL.withShares(1 + own.nextInt(500)), () -> {
                while (!over) {
                    switch (own.nextInt(4)) {
                        case 0 -> compute(strands, own);
                        case 1 -> exclusive(lock, inside);
                        case 2 -> child(strands);
                        default -> pause(own);
                    }
                    works.incrementAndGet(me);
                }
            }));
        }
    }

    private static void compute(Strands strands, SplittableRandom random) {
        long until = System.nanoTime() + random.nextInt(2_000_000);
        while (System.nanoTime() < until) {
            strands.checkpoint();
        }
    }

    private void exclusive(StrandLock lock, boolean[] inside) {
        lock.lock();
        try {
            if (inside[0]) {
                wrong = "two strands hold one lock";
            }
            inside[0] = true;
            guarded++;
            Thread.yield();
            inside[0] = false;
        } finally {
            lock.unlock();
        }
    }

    private void child(Strands strands) {
        forks.incrementAndGet();
        try {
            if (!strands.fork("child", joins::incrementAndGet).join(TimeUnit.SECONDS.toNanos(PATIENCE))) {
                wrong = "a child did not end";
            }
        } catch (InterruptedException e) {
            wrong = "interrupted by nobody";
        }
    }

    private static void pause(SplittableRandom random) {
        try {
            TimeUnit.MICROSECONDS.sleep(random.nextInt(500));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean moved(long[] last) {
        boolean all = true;
        for (int i = 0; i < last.length; i++) {
            long now = i < RING ? passes.get(i) : works.get(i - RING);
            all &= now != last[i];
            last[i] = now;
        }
        return all;
    }

    private String where() {
        StringBuilder text = new StringBuilder();
        all.forEach(strand -> text.append(strand).append(' ').append(strand.state()).append(' ')
                .append(Arrays.stream(strand.thread().getStackTrace()).limit(5).toList()).append("; "));
        return text.toString();
    }

    private void finish(Strands strands) throws InterruptedException {
        for (Strand strand : all) {
            if (!strand.join(TimeUnit.SECONDS.toNanos(PATIENCE)) && wrong.isEmpty()) {
                wrong = strand + " did not end: " + where();
            }
        }
        if (wrong.isEmpty() && forks.get() != joins.get()) {
            wrong = forks + " strands were forked, " + joins + " ran";
        }
        if (wrong.isEmpty() && !strands.strands().isEmpty()) {
            wrong = "left over: " + strands.strands();
        }
    }

    private void report(long changes) {
        long passed = 0;
        for (int i = 0; i < RING; i++) {
            passed += passes.get(i);
        }
        System.out.println("count passes " + passed);
        System.out.println("count forks " + forks);
        System.out.println("count locks " + guarded);
        System.out.println("count changes " + changes);
        System.out.flush();
    }

    /** First come, first served; but now and then it throws, lies, forgets a strand, or takes its time. */
    private static final class Failing implements SchedulingPolicy {
        private final SplittableRandom random;
        private final Deque<Schedulable> queue = new ArrayDeque<>();
        private Schedulable last;

        Failing(SplittableRandom random) {
            this.random = random;
        }

        private boolean now() {
            return random.nextInt(2000) == 0;
        }

        @Override
        public void begin(int processors) {
            queue.clear();
            if (random.nextInt(10) == 0) {
                throw new IllegalStateException("does not begin");
            }
        }

        @Override
        public void ready(Schedulable strand, Reason reason, long now) {
            if (now()) {
                throw new IllegalStateException("will not have it");
            }
            if (!now()) {
                queue.add(strand); // or it is forgotten
            }
        }

        @Override
        public Schedulable next(int processor, long now) {
            if (now()) {
                return last;
            }
            if (random.nextInt(20_000) == 0) {
                long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(1500);
                while (System.nanoTime() < end) {
                    Thread.onSpinWait(); // longer than a policy may take
                }
            }
            last = queue.poll();
            return last;
        }
    }
}
