package kernel.ext.sched.provider;

import java.util.concurrent.locks.LockSupport;

/** A thread of the host that runs strands, while it has a processor. */
final class Carrier extends Thread {

    private final Scheduler scheduler;
    /** The processor that it uses; null when it was taken away. Belongs to the scheduler's lock. */
    VirtualProcessor processor;
    /** Set by who has something to do for it. */
    private volatile boolean called;

    Carrier(Scheduler scheduler, int number, VirtualProcessor processor) {
        super(null, null, "carrier-" + number, Scheduler.STACK, false);
        this.scheduler = scheduler;
        this.processor = processor;
        setDaemon(true);
    }

    @Override
    public void run() {
        StrandTask strand = scheduler.carriers.take(this, null, 0);
        while (strand != null) {
            long turn = strand.turn;
            try {
                strand.continuation.run();
            } catch (Throwable e) {
                System.getLogger(Scheduler.class.getName()).log(System.Logger.Level.ERROR, strand + " could not be run",
                        e);
            }
            strand = scheduler.carriers.take(this, strand, turn);
        }
    }

    /** Sleeps until it is called, or as long as that. @return whether it was called */
    boolean rest(long nanoseconds) {
        if (!called) {
            LockSupport.parkNanos(this, nanoseconds);
        }
        boolean was = called;
        called = false;
        return was;
    }

    void call() {
        called = true;
        LockSupport.unpark(this);
    }
}
