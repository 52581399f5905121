package kernel.core.dispatcher;

import java.lang.ref.WeakReference;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import kernel.core.dispatch.Checkpoint;
import kernel.core.domain.Domains;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.wiring.BundleWiring;
import org.osgi.util.tracker.ServiceTracker;

/**
 * Bundles that the linker does not trust: all their code can be stopped, and is when the bundle stops, wherever it runs; their activators may
 * take only so long. Without a linker everybody is trusted. Thread-safe: the monitor guards the domains; a start belongs to the thread
 * that starts the bundle, and its monitor decides whether it ended in time.
 *
 * <p>No lambdas in what the weaver calls: their linking would load the classes that are being woven.
 */
final class Strangers {

    private final ServiceTracker<Domains, Domains> linker;
    private final long patience;
    /** Numbers of {@link Checkpoint}, and whose the code is. */
    private final Map<ClassLoader, Stranger> domains = new WeakHashMap<>();
    private final Map<Long, Start> starts = new ConcurrentHashMap<>();

    private record Stranger(int number, long bundle) {}

    /** Whether a bundle is, or is being, started, and its code is what it has now. The framework makes its activator before it tells that it starts. */
    private record Lives(Bundle bundle, WeakReference<ClassLoader> loader) implements BooleanSupplier {

        @Override
        public boolean getAsBoolean() {
            BundleWiring wiring = bundle.adapt(BundleWiring.class);
            return (bundle.getState() & (Bundle.STARTING | Bundle.ACTIVE)) != 0 && wiring != null
                    && wiring.getClassLoader() == loader.get();
        }
    }

    /** An activator that runs. */
    private static final class Start {
        private final Thread thread = Thread.currentThread();
        private boolean over;
        private boolean late;

        synchronized void expire(String why) {
            if (!over) {
                late = true;
                Checkpoint.stop(thread, why);
                thread.interrupt();
            }
        }

        synchronized void end() {
            over = true;
            if (late) {
                Thread.interrupted();
                Checkpoint.go(thread);
            }
        }
    }

    /** @param patience how long an activator may take, nanoseconds */
    Strangers(BundleContext context, long patience) {
        this.patience = patience;
        linker = new ServiceTracker<>(context, Domains.class, null);
        linker.open();
    }

    void close() {
        linker.close();
    }

    private boolean isOne(Bundle bundle) {
        Domains known = linker.getService();
        try {
            return known != null && !known.of(bundle.getBundleId()).trusted();
        } catch (IllegalArgumentException e) {
            return true; // it was uninstalled, and something of it still runs
        }
    }

    /** Microseconds that handlers may take which set no limit, 0 for any time. */
    long limit(Bundle bundle) {
        Domains known = linker.getService();
        try {
            return known == null ? 0 : known.of(bundle.getBundleId()).limit();
        } catch (IllegalArgumentException e) {
            return 0;
        }
    }

    /** The domain of a bundle's code as it is loaded, for {@link Checkpoint#poll(int)}; negative if the bundle is trusted. */
    int domain(Bundle bundle, ClassLoader loader) {
        if (!isOne(bundle)) {
            return -1;
        }
        synchronized (this) {
            Stranger known = domains.get(loader);
            if (known == null) {
                known = new Stranger(Checkpoint.enrol(bundle.getSymbolicName() + " [" + bundle.getBundleId() + "]",
                        new Lives(bundle, new WeakReference<>(loader))), bundle.getBundleId());
                domains.put(loader, known);
            }
            return known.number;
        }
    }

    void bundleChanged(BundleEvent event, ScheduledThreadPoolExecutor background) {
        Bundle bundle = event.getBundle();
        switch (event.getType()) {
            case BundleEvent.STARTING -> begin(bundle, background);
            case BundleEvent.STARTED -> started(bundle);
            case BundleEvent.STOPPED, BundleEvent.UNINSTALLED -> {
                started(bundle);
                end(bundle);
            }
            default -> {
            }
        }
    }

    private void begin(Bundle bundle, ScheduledThreadPoolExecutor background) {
        if (background.isShutdown() || !isOne(bundle)) {
            return;
        }
        Start start = new Start();
        starts.put(bundle.getBundleId(), start);
        String why = "the activator of " + bundle.getSymbolicName() + " took longer than "
                + TimeUnit.NANOSECONDS.toMillis(patience) + " ms";
        background.schedule(() -> start.expire(why), patience, TimeUnit.NANOSECONDS);
    }

    private void started(Bundle bundle) {
        Start start = starts.remove(bundle.getBundleId());
        if (start != null) {
            start.end();
        }
    }

    /** All code that it has or had before updates. */
    private synchronized void end(Bundle bundle) {
        for (Stranger stranger : domains.values()) {
            if (stranger.bundle == bundle.getBundleId()) {
                Checkpoint.end(stranger.number, true);
            }
        }
    }
}
