package hw.alpha.translator;

import hw.alpha.translator.Region.Stage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Has regions compiled: each by HotSpot's first compiler before it is entered. Those that execute much are made again, are run by
 * HotSpot's interpreter for a moment, which counts what the second compiler wants to know, and are then given to that one, the
 * busiest first; until it has done, what was there before is run.
 * A thread of its own looks at what regions have executed, as long as they do; it ends when they rest. Thread-safe: only
 * that thread changes {@link Region#stage} once a region is published.
 */
final class Tiers implements AutoCloseable {

    /**
     * Instructions that a region executes within {@link #RECENT} or twice as long before it is worth the second compiler's time: what
     * takes longer gains less than compiling it costs whoever runs meanwhile.
     */
    private static final long BUSY = Long.getLong("spin.alpha.busy", 5_000_000);
    /** Regions that are observed at a time: they are run slowly. */
    private static final int OBSERVED = Integer.getInteger("spin.alpha.observed", 2);
    /** Regions that may wait for the second compiler before more are observed: by then others may be busier. */
    private static final int AHEAD = 2;
    /** Looks after which a region that does nothing meanwhile is in nobody's way: its program may have ended. */
    private static final int IDLE = 10;
    /** Times that HotSpot may throw the second compiler's code of a region away before it is left alone. */
    private static final int LOSSES = 5;
    /** Looks for which a region may wait for a strand to see that it is to grow: most are only called, and never looked at. */
    private static final int PATIENCE = 3;
    /** Milliseconds between two looks. */
    private static final long PERIOD = 10;
    /** Nanoseconds for which one compilation is waited for. */
    private static final long LONGEST = TimeUnit.SECONDS.toNanos(10);
    /** Nanoseconds after which what was executed before counts half. */
    private static final long RECENT = TimeUnit.MILLISECONDS.toNanos(Integer.getInteger("spin.alpha.recent", 2000));
    /** What a look takes passes so many times before the next one: a kernel that has run for days has thousands of regions. */
    private static final int SHARE = 50;
    /** Looks without any work after which the thread ends. */
    private static final int RESTING = 100;
    /** Regions that the second compiler is asked for at a time: it has about as many threads, and programs and the rest want processors too. */
    private static final int COMPILED = Math.clamp(Runtime.getRuntime().availableProcessors() / 2, 1, 4);

    private final HostCompiler host;
    private final Map<Long, Region[]> regions;
    private final Consumer<Region> again;
    private final BiConsumer<Region, Region> replace;
    private final ThreadPoolExecutor thread;
    /** What waits for the second compiler; only the thread takes something away. */
    private final List<Region> waiting = new CopyOnWriteArrayList<>();
    /** What the second compiler was asked for. The thread's own. */
    private final List<Asked> compiling = new ArrayList<>();
    /** Whether regions have executed something between the last two looks. Written by the thread. */
    private volatile boolean running;
    /** When what was executed was halved last, by the host's clock. The thread's own. */
    private long halved = System.nanoTime();

    /** What the second compiler was asked for. @param since nanoseconds */
    private record Asked(Region region, long since) {}

    /**
     * @param again has a region made again that is {@link Region#quick}, as it is
     * @param replace has the first found in the place of the second
     */
    Tiers(HostCompiler host, Map<Long, Region[]> regions, Consumer<Region> again, BiConsumer<Region, Region> replace) {
        this.again = again;
        this.replace = replace;
        this.host = host;
        this.regions = regions;
        thread = new ThreadPoolExecutor(0, 1, 0, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
            Thread one = new Thread(task, "alpha-tiers");
            one.setDaemon(true);
            return one;
        }, new ThreadPoolExecutor.DiscardPolicy());
    }

    /** Compiles a new region quickly. */
    void first(Region region) {
        host.compile(region.getClass(), HostCompiler.QUICK);
        region.stage = Stage.QUICK;
        wake();
    }

    /**
     * Has a region, which is to be published, compiled thoroughly.
     *
     * @param before what is run instead until that is done, but for the moment in which it is observed; it stays published
     * @param blind whether not to observe it: as long as nobody runs it
     */
    void better(Region region, Region before, boolean blind) {
        region.work = before.work;
        region.before = before.work;
        region.seen = before.work;
        region.instead = before;
        region.limit = Region.RIPE;
        before.done = true;
        before.remaking = false;
        region.blind = blind;
        host.observe(region.getClass());
        if (blind) {
            await(region);
        } else {
            region.stage = Stage.OBSERVED;
        }
        wake();
    }

    /** Whether regions have executed something lately: within the last {@link #PERIOD}, about. */
    boolean isRunning() {
        return running;
    }

    /** Regions will be run. */
    void wake() {
        if (thread.getActiveCount() == 0) {
            thread.execute(this::watch);
        }
    }

    private void watch() {
        int resting = 0;
        long next = System.nanoTime();
        try {
            while (resting < RESTING) {
                Thread.sleep(PERIOD);
                proceed();
                long now = System.nanoTime();
                if (now - next < 0) {
                    continue;
                }
                running = look(now) != 0;
                next = now + (System.nanoTime() - now) * SHARE;
                resting = !running && compiling.isEmpty() && waiting.isEmpty() ? resting + 1 : 0;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Has a region wait for the second compiler. */
    private void await(Region region) {
        region.stage = Stage.WAITING;
        region.limit = Region.PATIENCE;
        waiting.add(region);
    }

    /** Has what the second compiler has done be entered, and gives it the busiest that wait. */
    private void proceed() {
        compiling.removeIf(this::isOver);
        Region next;
        while (compiling.size() < COMPILED && (next = next()) != null) {
            waiting.remove(next);
            compiling.add(new Asked(next, System.nanoTime()));
            host.compile(next.getClass(), HostCompiler.THOROUGH);
        }
    }

    /** Whether the second compiler is done with a region, gave it up, or was waited for too long; has what comes of that be found. */
    private boolean isOver(Asked asked) {
        Region region = asked.region;
        if (host.level(region.getClass()) == HostCompiler.THOROUGH) {
            region.stage = Stage.THOROUGH;
            region.seen = region.work;
            replace.accept(region, region.instead);
            return true;
        }
        if (!host.compiles(region.getClass(), HostCompiler.THOROUGH)) {
            replace.accept(region.instead, region);
            return true;
        }
        if (System.nanoTime() - asked.since > LONGEST) {
            // It may still be in the compiler's queue, behind others; asked for again it stays where it is.
            waiting.add(region);
            return true;
        }
        return false;
    }

    /** The busiest that waits, or null. */
    private Region next() {
        Region busiest = null;
        for (Region region : waiting) {
            // What nobody has observed waits until that is done, or for a moment in which nothing runs.
            boolean first = busiest == null || region.instead.recent > busiest.instead.recent;
            busiest = first && !(running && region.blind) ? region : busiest;
        }
        return busiest;
    }

    /**
     * Looks at all regions.
     *
     * @param now the host's clock, nanoseconds
     * @return what they have executed since the last look
     */
    private long look(long now) {
        long work = 0;
        int active = 0;
        boolean halve = now - halved >= RECENT;
        halved = halve ? now : halved;
        Region busiest = null;
        Region blindest = null;
        Region unseen = null;
        for (Region[] all : regions.values()) {
            for (Region region : all) {
                work += region.work - region.seen;
                region.recent = (halve ? region.recent >> 1 : region.recent) + region.work - region.seen;
                switch (region.stage) {
                    case QUICK -> {
                        active += region.remaking && !region.superseded ? 1 : 0;
                        busiest = waits(region) && busier(region, busiest) ? region : busiest;
                    }
                    case OBSERVED -> {
                        region.idle = region.work == region.seen ? region.idle + 1 : 0;
                        active += region.idle < IDLE ? 1 : 0;
                        if (region.ripe()) {
                            await(region);
                        }
                    }
                    case WAITING -> unseen = region.blind && region.instead.recent >= BUSY
                            && (unseen == null || busier(region.instead, unseen.instead))
                                    ? region
                                    : unseen;
                    case THOROUGH -> {
                        if (region.work != region.seen) {
                            retry(region);
                            blindest = region.blind && !region.done && region.recent >= BUSY
                                    && busier(region, blindest) ? region : blindest;
                        }
                    }
                    default -> {
                        // is not run, or not by our compilers
                    }
                }
                region.seen = region.work;
            }
        }
        boolean room = active < OBSERVED && pressing() < AHEAD;
        if (room && unseen != null && busier(unseen.instead, busiest)) {
            observe(unseen);
        } else if (room && busiest != null) {
            grow(busiest);
        } else if (blindest != null && active + pressing() == 0 && compiling.isEmpty()) {
            again.accept(blindest);
            blindest.done = true;
        }
        return work;
    }

    /** How many of those that wait are in a hurry: what an earlier machine had may be hundreds, which nobody runs now. */
    private long pressing() {
        return waiting.stream().filter(region -> !region.blind && region.instead.recent >= BUSY).count();
    }

    /** Has a region observed that would have been compiled without that, as somebody has come to run it before. */
    private void observe(Region region) {
        waiting.remove(region);
        region.blind = false;
        region.before = region.work;
        region.limit = Region.RIPE;
        region.stage = Stage.OBSERVED;
        replace.accept(region, null);
    }

    /** Has a region made again, with more instructions if it could have more. */
    private void grow(Region region) {
        if (!region.grown) {
            region.growing = ++region.patience <= PATIENCE;
            region.grown = !region.growing;
        }
        if (region.grown) {
            again.accept(region);
        }
    }

    /**
     * HotSpot throws code away when something comes that it was compiled without; then it interprets the region, and might do so
     * for long: it waits again. What is lost too often stays as it was before.
     */
    private void retry(Region region) {
        if (host.level(region.getClass()) != HostCompiler.THOROUGH) {
            if (++region.lost < LOSSES) {
                await(region);
            }
            replace.accept(region.instead, region.lost < LOSSES ? null : region);
        }
    }

    /** Whether a region executes much, and nothing has been done about it yet. */
    private static boolean waits(Region region) {
        return region.recent >= BUSY && region.work != region.seen && region.quick && !region.done && !region.remaking
                && !region.superseded;
    }

    private static boolean busier(Region region, Region than) {
        return than == null || region.recent > than.recent;
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
