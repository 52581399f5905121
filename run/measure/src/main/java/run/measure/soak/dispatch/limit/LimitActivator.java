package run.measure.soak.dispatch.limit;

import java.time.Duration;
import java.util.Hashtable;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.ReentrantLock;
import kernel.core.dispatch.Binding;
import kernel.core.dispatch.Bound;
import kernel.core.dispatch.Dispatcher;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/**
 * Offers the one thing to be done with limits, as a service that answers what was wrong, or an empty text: a handler that
 * does not end is stopped, its lock is free, and the raiser gets the intrinsic handler's result.
 */
public final class LimitActivator implements BundleActivator {

    /** Service property that tells which of all {@link Callable}s it is. */
    public static final String NAME = "soak.limit";

    private final ReentrantLock lock = new ReentrantLock();
    private Dispatcher dispatcher;
    private Limited event;
    private long number;

    @Override
    public void start(BundleContext context) {
        dispatcher = context.getService(context.getServiceReference(Dispatcher.class));
        dispatcher.bind(Binding.intrinsic(Limited.class, value -> value));
        event = dispatcher.stub(Limited.class);
        Callable<String> once = this::once;
        context.registerService(Callable.class, once, new Hashtable<>(Map.of(NAME, true)));
    }

    private String once() {
        number++;
        Runaway runaway = new Runaway(lock);
        try (Bound _ = dispatcher.bind(Binding.handler(Limited.class, runaway).name("runaway").order(Binding.LAST)
                .limit(Duration.ofMillis(2)))) {
            long result = event.limited(number);
            // even numbers do not run away, but on a busy host may be late and be stopped as well
            if (result != number && ((number & 1) == 1 || result != -number)) {
                return "raise " + number + " gave " + result + " after " + runaway.turns() + " turns";
            }
            return lock.isLocked() ? "raise " + number + " left a lock held" : "";
        }
    }

    @Override
    public void stop(BundleContext context) {
        // what is bound goes with the bundle
    }
}
