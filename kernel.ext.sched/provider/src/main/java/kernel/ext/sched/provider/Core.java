package kernel.ext.sched.provider;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import kernel.core.strand.SchedulingPolicy;

/**
 * The scheduler's lock and the policy that is called under it. When a policy does not return, both are replaced: who holds
 * the lock finds out when the policy returns at last, and touches nothing any more. What a policy is called for is therefore
 * written down before it is called.
 */
final class Core {

    /** Thrown through what was under way when the policy was replaced. */
    static final class Replaced extends RuntimeException {
        private static final long serialVersionUID = 1;

        Replaced() {
            super("the policy was replaced", null, false, false);
        }
    }

    private static final int SPINS = 50;
    private static final long EXPELLED = -1;

    final ReentrantLock lock = new ReentrantLock();
    final String name;
    final SchedulingPolicy policy;
    /** When the policy was called, 0 while it is not, {@link #EXPELLED} if that took too long. */
    private final AtomicLong entered = new AtomicLong();
    private Thread caller;

    Core(String name, SchedulingPolicy policy) {
        this.name = name;
        this.policy = policy;
    }

    /** Takes the lock, or gives up after a while: the core may have been replaced. Interrupts are kept. */
    boolean tryEnter() {
        for (int i = 0; i < SPINS; i++) {
            if (lock.tryLock()) {
                return true;
            }
            Thread.onSpinWait();
        }
        boolean interrupted = false;
        try {
            return lock.tryLock(20, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            interrupted = true;
            return lock.tryLock();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** The policy is about to be called. */
    void calls(long now) {
        caller = Thread.currentThread();
        entered.lazySet(Math.max(1, now));
    }

    /**
     * The policy has returned.
     *
     * @throws Replaced too late
     */
    void returned() {
        if (entered.getAndSet(0) == EXPELLED) {
            throw new Replaced();
        }
    }

    /** If the policy has not returned for so long, whoever called it is not to touch anything again. @return who, or null */
    Thread expel(long now, long longest) {
        long since = entered.get();
        return since > 0 && now - since > longest && entered.compareAndSet(since, EXPELLED) ? caller : null;
    }
}
