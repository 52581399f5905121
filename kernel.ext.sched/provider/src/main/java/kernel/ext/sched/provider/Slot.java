package kernel.ext.sched.provider;

import java.util.concurrent.locks.LockSupport;

/**
 * One of the strands by which a thread package has processors. The global scheduler schedules it like any other; when its turn has
 * come it asks the package who is to run, writes that down as {@link #chosen} and parks. Its carrier then runs the chosen one in
 * its place ({@link Turns#handOver}), and wakes it when that turn is over. What is not final belongs to the core's lock.
 */
final class Slot {

    final Group group;
    final StrandTask strand;
    /** Who is to run as soon as the strand is parked. */
    volatile StrandTask chosen;
    /** Who runs in its place. */
    volatile StrandTask runs;
    /** When the turn began that it shares with who runs in its place. */
    long began;
    /** The JDK has said that the strand can go on while it lends its processor. */
    boolean told;
    /** The package had nobody for it: it parks until something happens. */
    boolean idle;
    /** Since when it is idle, or else asks the package. */
    volatile long since;

    Slot(Group group, int number) {
        this.group = group;
        strand = group.scheduler.prepare(group.name() + "/" + number, group.parameters, this::run);
        strand.gives = this;
    }

    /** It can go on: what it lent its processor to has ended its turn, or something has happened. Without the lock. */
    void wake() {
        boolean ready;
        Core c = group.scheduler.enter();
        try {
            ready = told && strand.account == StrandTask.Account.BLOCKED;
            told &= !ready;
        } finally {
            c.lock.unlock();
        }
        if (ready) {
            group.scheduler.turns.ready(strand);
        }
        LockSupport.unpark(strand.thread());
    }

    private void run() {
        while (!group.over()) {
            if (chosen != null || runs != null) {
                park();
                continue;
            }
            since = group.scheduler.now();
            if (!group.choose(this) && group.rests(this)) {
                park();
            }
        }
    }

    private void park() {
        LockSupport.park(group);
        Thread.interrupted(); // nobody has anything to say to it by that
    }
}
