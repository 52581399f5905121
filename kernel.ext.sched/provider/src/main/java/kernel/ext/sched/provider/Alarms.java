package kernel.ext.sched.provider;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;
import kernel.core.strand.Strand;
import kernel.core.strand.Strands;

/** A strand that wakes those whose time has come: that may mean to wait for a lock, which neither user code nor a carrier can. */
final class Alarms implements Executor {

    private final Queue<Runnable> due = new ConcurrentLinkedQueue<>();
    private final Strand strand;
    private volatile boolean ended;

    Alarms(Strands strands) {
        strand = strands.fork("alarms", this::run);
    }

    @Override
    public void execute(Runnable task) {
        due.add(task);
        LockSupport.unpark(strand.thread());
    }

    void end() {
        ended = true;
        LockSupport.unpark(strand.thread());
    }

    private void run() {
        while (!ended) {
            Runnable task = due.poll();
            if (task == null) {
                LockSupport.park(this);
            } else {
                task.run();
            }
        }
    }
}
