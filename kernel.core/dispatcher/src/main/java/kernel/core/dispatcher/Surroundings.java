package kernel.core.dispatcher;

import java.util.Collection;
import java.util.List;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * What all events of a dispatcher share. Thread-safe.
 *
 * @param patience how long a raise waits for an intrinsic handler, or for room in a queue, nanoseconds
 * @param drain how long an unbinding waits for strands to leave, nanoseconds
 * @param limits stops handlers
 * @param stoppable whether code of that class can be stopped: it was prepared as it was loaded
 * @param background runs what takes time
 * @param raisers gives the virtual threads that raise events, as far as they are known
 */
record Surroundings(long patience, long drain, TimeLimits limits, Predicate<Class<?>> stoppable,
        ScheduledThreadPoolExecutor background, AtomicReference<Supplier<Collection<Thread>>> raisers) {

    static Surroundings of(long patience, long drain, Predicate<Class<?>> stoppable) {
        ScheduledThreadPoolExecutor background = new ScheduledThreadPoolExecutor(1,
                task -> Thread.ofPlatform().daemon().name("event linker").unstarted(task));
        background.setKeepAliveTime(10, TimeUnit.SECONDS);
        background.allowCoreThreadTimeOut(true);
        background.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        return new Surroundings(patience, drain, new TimeLimits(), stoppable, background,
                new AtomicReference<>(List::of));
    }
}
