package kernel.ext.sched.provider;

import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;
import kernel.core.machine.VirtualTime;
import kernel.ext.sched.provider.StrandTask.Account;

/**
 * What the scheduler does where the machine has a time of its own, so that runs can be repeated: turns end by the interval timer,
 * time is skipped while nothing is ready, and nothing is chosen before it is known what is ready. Used with one processor.
 */
final class OwnTime {

    private final VirtualTime time;
    /** By id: those of which threads of the host have told that they can go on, at whatever time they came to that. */
    private final ConcurrentSkipListMap<Long, StrandTask> told = new ConcurrentSkipListMap<>();

    OwnTime(VirtualTime time) {
        this.time = time;
    }

    /** Keeps a strand that can go on until {@link #settle}, if a thread of the host says so. @return whether it does */
    boolean takes(StrandTask strand) {
        Thread caller = Thread.currentThread();
        if (caller.isVirtual() || caller instanceof Carrier) {
            return false;
        }
        told.put(strand.id(), strand);
        return true;
    }

    /**
     * Waits until the JDK has told of all strands that can go on, since for who waits for a monitor a thread of its own does that;
     * and makes them ready, in the order of their ids. A strand that really waits for a monitor looks as if it was about to be told
     * of, so the JDK is made to tell of all ({@link Unblocked}). Without the lock.
     */
    void settle(Iterable<StrandTask> living, Consumer<StrandTask> ready) {
        boolean all = false;
        for (StrandTask strand : living) {
            while (strand.account == Account.BLOCKED && !told.containsKey(strand.id())) {
                Thread.State state = strand.thread().getState();
                if (state == Thread.State.BLOCKED && !all) {
                    Unblocked.await();
                    all = true;
                } else if (state == Thread.State.RUNNABLE) {
                    Thread.yield();
                } else {
                    break;
                }
            }
        }
        for (var first = told.pollFirstEntry(); first != null; first = told.pollFirstEntry()) {
            ready.accept(first.getValue());
        }
    }

    void turnBegins(long now, long quantum) {
        time.interruptAt(now + quantum);
    }

    boolean turnIsOver(StrandTask self) {
        VirtualProcessor processor = self.on;
        return processor != null && time.monotonicTime() - processor.began >= processor.quantum;
    }

    /** Nothing is ready. @return whether something may be now. Without the lock */
    boolean skip() {
        return time.skip();
    }
}
