package hw.alpha.translator;

import java.util.Map;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Has regions compiled: each by HotSpot's first compiler before it is entered; those that execute much are compiled again with
 * counters, run so for a while, and are then given to the second compiler with what was counted, the busiest first.
 * A thread of its own looks at what regions have executed, as long as they do; it ends when they rest. Thread-safe: only
 * that thread changes {@link Region#compiled} once a region is published.
 */
final class Tiers implements AutoCloseable {

    /** Instructions that a region executes before it is worth the second compiler's time. */
    private static final long BUSY = Long.getLong("spin.alpha.busy", 5_000_000);
    /** Instructions for which what a region does is observed before. */
    private static final long RIPE = 2_000_000;
    /**
     * Regions that are observed or wait for the second compiler at a time: code with counters is slow, and making it keeps the first
     * compiler from new regions, so nobody is to wait in it for long.
     */
    private static final int OBSERVED = 2;
    /** Looks after which a region that does nothing meanwhile is in nobody's way: its program may have ended. */
    private static final int IDLE = 10;
    /** Times that HotSpot may throw the second compiler's code of a region away before it is left alone. */
    private static final int LOSSES = 5;
    /** Looks for which a region may wait for a strand to see that it is to grow: most are only called, and never looked at. */
    private static final int PATIENCE = 3;
    /** Milliseconds between two looks. */
    private static final long PERIOD = 10;
    /** Looks for which one compilation is waited for. */
    private static final int LONGEST = 500;
    /** Looks without any work after which the thread ends. */
    private static final int RESTING = 100;

    private final HostCompiler host;
    private final Map<Long, Region[]> regions;
    private final Consumer<Region> again;
    private final ThreadPoolExecutor thread;
    /** What the second compiler was asked for. The thread's own. */
    private Region compiling;
    private int waited;

    /** @param again has a region made again that is {@link Region#quick}, as it is */
    Tiers(HostCompiler host, Map<Long, Region[]> regions, Consumer<Region> again) {
        this.again = again;
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
        region.compiled = HostCompiler.QUICK;
        wake();
    }

    /**
     * Compiles a region with counters that was made again with more instructions because much is executed in it.
     *
     * @return whether it could be done; not if the first compiler finds it too large, and it has more than one instruction
     */
    boolean again(Region region, Region before) {
        region.work = before.work;
        region.before = before.work;
        region.seen = before.work;
        region.idle = 0;
        host.compile(region.getClass(), HostCompiler.PROFILING);
        if (!host.compiles(region.getClass(), HostCompiler.PROFILING) && region.shape.size() > 1) {
            return false;
        }
        region.compiled = HostCompiler.PROFILING;
        wake();
        return true;
    }

    /** Regions will be run. */
    void wake() {
        if (thread.getActiveCount() == 0) {
            thread.execute(this::watch);
        }
    }

    private void watch() {
        long before = -1;
        int resting = 0;
        try {
            while (resting < RESTING) {
                Thread.sleep(PERIOD);
                long work = look();
                resting = work == before && compiling == null ? resting + 1 : 0;
                before = work;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            compiling = null;
        }
    }

    /** Looks at all regions. @return what they have executed */
    private long look() {
        // The second compiler gives up on what is too complicated for it; the others need not wait for that.
        if (compiling != null && (host.level(compiling.getClass()) == HostCompiler.THOROUGH || ++waited > LONGEST)) {
            compiling = null;
        }
        long work = 0;
        int observed = 0;
        int remaking = 0;
        Region ripe = null;
        Region busiest = null;
        for (Region[] all : regions.values()) {
            for (Region region : all) {
                work += region.work;
                switch (region.compiled) {
                    case HostCompiler.QUICK -> {
                        remaking += region.remaking && !region.superseded ? 1 : 0;
                        busiest = waits(region) && busier(region, busiest) ? region : busiest;
                    }
                    case HostCompiler.PROFILING -> {
                        region.idle = region.work == region.seen ? region.idle + 1 : 0;
                        observed += region.idle < IDLE ? 1 : 0;
                        ripe = region.work - region.before >= RIPE && busier(region, ripe) ? region : ripe;
                    }
                    default -> {
                        if (region.work != region.seen && region != compiling) {
                            retry(region);
                        }
                    }
                }
                region.seen = region.work;
            }
        }
        if (busiest != null && observed < OBSERVED && remaking < OBSERVED && !grows(busiest)) {
            busiest.before = busiest.work;
            busiest.idle = 0;
            host.compile(busiest.getClass(), HostCompiler.PROFILING);
            busiest.compiled = HostCompiler.PROFILING;
        }
        if (ripe != null && compiling == null) {
            compiling = ripe;
            waited = 0;
            host.compile(ripe.getClass(), HostCompiler.THOROUGH);
            ripe.compiled = HostCompiler.THOROUGH;
        }
        return work;
    }

    /** Has a region made again, with more instructions if it could have more. @return whether not to compile it now */
    private boolean grows(Region region) {
        if (!region.grown) {
            region.growing = ++region.patience <= PATIENCE;
            region.grown = !region.growing;
        }
        if (region.grown && region.quick) {
            again.accept(region);
        }
        return region.growing || region.quick;
    }

    /**
     * HotSpot throws code away when something comes that it was compiled without; then it interprets the region, and might do so
     * for long: it begins anew. What is lost too often, or too much for the second compiler, stays with the first.
     */
    private void retry(Region region) {
        if (region.lost < LOSSES && host.level(region.getClass()) != HostCompiler.THOROUGH) {
            region.lost++;
            region.before = region.work;
            host.compile(region.getClass(), HostCompiler.QUICK);
            region.compiled = region.lost == LOSSES ? HostCompiler.THOROUGH : HostCompiler.QUICK;
        }
    }

    /** Whether a region executes much, and nothing has been done about it yet. */
    private static boolean waits(Region region) {
        return region.work >= BUSY && region.work != region.seen && !region.remaking && !region.superseded;
    }

    private static boolean busier(Region region, Region than) {
        return than == null || region.work > than.work;
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
