package kernel.core.dispatch;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Where code that may be stopped looks whether it is to stop. Calls of {@link #poll} are put at method entries and backward
 * branches of a bundle's classes as they are loaded, if the bundle has handlers with time limits or says
 * {@code Kernel-Ephemeral: true} in its manifest; nobody needs to write them.
 *
 * <p>Thread-safe. Polling reads one field.
 */
public final class Checkpoint {

    private static final Map<Thread, String> STOPPED = new ConcurrentHashMap<>();
    private static volatile boolean any;

    private Checkpoint() {}

    /**
     * Goes on, most often.
     *
     * @throws TimeLimitExceeded the current strand runs a handler that has exceeded its limit
     */
    public static void poll() {
        if (any) {
            String why = STOPPED.get(Thread.currentThread());
            if (why != null) {
                throw new TimeLimitExceeded(why);
            }
        }
    }

    /** For the dispatcher: from now on {@link #poll} throws in that thread. */
    public static void stop(Thread thread, String why) {
        STOPPED.put(thread, why);
        any = true;
    }

    /** For the dispatcher: takes {@link #stop} back. */
    public static void go(Thread thread) {
        STOPPED.remove(thread);
        any = !STOPPED.isEmpty();
    }
}
