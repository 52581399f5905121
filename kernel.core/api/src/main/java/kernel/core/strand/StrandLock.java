package kernel.core.strand;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;

/**
 * A reentrant lock for strands with priority inheritance (Sha, Rajkumar, Lehoczky: "Priority Inheritance Protocols", IEEE
 * Transactions on Computers 39(9), 1990): while a strand waits for it, its holder runs with at least the waiting strand's
 * priority, and so does who that holder waits for. Of those that wait, the one of highest priority gets it next, among equals
 * the one that waits longest. Threads of the host that are no strands may use it too; they have the usual priority and
 * inherit none.
 */
public interface StrandLock extends Lock {

    /** Name for people. */
    String name();

    /** Name of who holds it; null if nobody does. */
    String holder();

    /** How many wait for it. */
    int waiting();

    /**
     * {@inheritDoc} Waiting gives the lock away and takes it again; who signals must hold it
     * ({@link IllegalMonitorStateException} otherwise). Signals wake in the order of waiting.
     */
    @Override
    Condition newCondition();
}
