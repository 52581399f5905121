package kernel.core.dispatch;

import java.util.Collection;

/**
 * Tells of virtual threads that raise events. When a binding goes, the dispatcher looks at the stacks of all threads to find
 * those that are still inside it; the JDK has no list of virtual threads, so whoever runs raises in them registers this as
 * a service. Threads that nobody tells of are not waited for. Implementations are thread-safe.
 */
public interface Raisers {

    /** Those that may be in a raise now. */
    Collection<Thread> threads();
}
