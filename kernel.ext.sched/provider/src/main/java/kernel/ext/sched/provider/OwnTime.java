package kernel.ext.sched.provider;

import kernel.core.machine.VirtualTime;
import kernel.ext.sched.provider.StrandTask.Account;

/**
 * What the scheduler does where the machine has a time of its own, so that runs can be repeated: turns end by the interval timer,
 * time is skipped while nothing is ready, and nothing is chosen before it is known what is ready. Used with one processor.
 */
final class OwnTime {

    /** How long to wait for what the JDK is about to tell, nanoseconds of the host's. */
    private static final long SETTLE = 2_000_000;

    private final VirtualTime time;

    OwnTime(VirtualTime time) {
        this.time = time;
    }

    /**
     * Waits until the JDK has told of all strands that can go on: for who waits for a monitor a thread of its own does that. A
     * strand that really waits for a monitor looks as if it was about to be told of, so there is an end to this. Without the lock.
     */
    void settle(Iterable<StrandTask> living) {
        long until = System.nanoTime() + SETTLE;
        for (StrandTask strand : living) {
            while (strand.account == Account.BLOCKED) {
                Thread.State state = strand.thread().getState();
                if (state != Thread.State.RUNNABLE && (state != Thread.State.BLOCKED || System.nanoTime() > until)) {
                    break;
                }
                Thread.yield();
            }
        }
    }

    void turnBegins(long now, long quantum) {
        time.interruptAt(now + quantum);
    }

    boolean turnIsOver(StrandTask self) {
        VirtualProcessor processor = self.on;
        return processor != null && time.monotonicTime() - self.since >= processor.quantum;
    }

    /** Nothing is ready. @return whether something may be now. Without the lock */
    boolean skip() {
        return time.skip();
    }
}
