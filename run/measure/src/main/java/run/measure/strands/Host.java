package run.measure.strands;

import java.util.concurrent.TimeUnit;
import kernel.core.machine.Clock;
import kernel.core.machine.Machine;
import kernel.core.strand.Strands;
import org.osgi.framework.BundleContext;
import org.osgi.util.tracker.ServiceTracker;

/** A machine that is no more than what strands need of one. */
public final class Host {

    private Host() {}

    /**
     * Registers clock and machine, and gives the strands that come up with them.
     *
     * @throws IllegalStateException none come
     */
    public static Strands strands(BundleContext context, int processors) throws InterruptedException {
        context.registerService(Machine.class, new HostMachine(processors), null);
        context.registerService(Clock.class, new HostClock(), null);
        ServiceTracker<Strands, Strands> tracker = new ServiceTracker<>(context, Strands.class, null);
        tracker.open();
        Strands strands = tracker.waitForService(TimeUnit.SECONDS.toMillis(20));
        tracker.close();
        if (strands == null) {
            throw new IllegalStateException("there are no strands: is kernel.ext.sched.provider started?");
        }
        return context.getService(context.getServiceReference(Strands.class));
    }

    private static final class HostClock implements Clock {
        @Override
        public long realTime() {
            return System.currentTimeMillis() * 1_000_000;
        }

        @Override
        public long monotonicTime() {
            return System.nanoTime();
        }
    }

    private record HostMachine(int processors) implements Machine {
        @Override
        public String name() {
            return "host";
        }

        @Override
        public long memory() {
            return Runtime.getRuntime().maxMemory();
        }
    }
}
