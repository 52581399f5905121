package bundles.unix.provider.process;

import bundles.unix.provider.signal.Signal;
import bundles.unix.provider.signal.SignalInfo;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What is done when memory and swap space are used up: the process that has most of both is killed, and who needs memory waits
 * until it has gone.
 *
 * <p>Concurrency: one strand at a time looks for a victim, under {@link #LOCK}, and waits for its end with the lock held. So those
 * who wait for the lock look now and then whether they are the victim, and give up; the longer they wait the more seldom, for
 * there may be thousands, and the victim needs a processor to end.
 */
public final class Exhaustion {

    private static final System.Logger LOG = System.getLogger(Exhaustion.class.getName());
    private static final ReentrantLock LOCK = new ReentrantLock();
    private static final long LOOK = TimeUnit.MILLISECONDS.toNanos(5);
    private static final long SELDOM = TimeUnit.MILLISECONDS.toNanos(160);
    /** How long a victim may take to end before another one is found. */
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(20);

    /** Who was told to end last and has not, and when; null: nobody. Belongs to {@link #LOCK}. */
    private static UnixProcess ending;
    private static long told;

    private Exhaustion() {}

    /**
     * Makes room.
     *
     * @param thread needs memory, holds no lock
     * @return whether there may be some now; {@code false}: the thread itself has to end
     */
    public static boolean relieve(UnixThread thread) {
        boolean interrupted = false;
        long look = LOOK;
        try {
            while (!thread.signals().doomed()) {
                try {
                    if (LOCK.tryLock()) {
                        try {
                            return kill(thread);
                        } finally {
                            LOCK.unlock();
                        }
                    }
                    // Not in the lock's queue, which thousands who give up waiting are long in leaving.
                    TimeUnit.NANOSECONDS.sleep(look);
                    look = Math.min(2 * look, SELDOM);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            return false;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static boolean kill(UnixThread thread) throws InterruptedException {
        Kernel kernel = thread.kernel();
        if (kernel.memory().free() > kernel.memory().low()) {
            return true; // by the end of a victim that somebody else has found
        }
        if (ending != null && ending.ended()) {
            ending = null;
        }
        if (ending != null && ending.kernel() == kernel && System.nanoTime() - told < PATIENCE) {
            return ending != thread.process() && wait(ending, kernel); // it gives its memory back by and by
        }
        UnixProcess victim = victim(kernel);
        if (victim == null) {
            return false; // its own process is to end, too
        }
        long size = kernel.memory().pageSize();
        LOG.log(System.Logger.Level.ERROR,
                "out of memory: process {0} ({1}) is killed: it has {2} MB, {3} of them in memory,"
                        + " which has {4}; give the machine more with --mem or --swap",
                Integer.toString(victim.id()),
                victim.command(), pages(victim) * size >> 20, victim.map().space().resident() * size >> 20,
                kernel.memory().total() * size >> 20);
        ending = victim;
        told = System.nanoTime();
        victim.send(SignalInfo.kernel(Signal.SIGKILL));
        return victim != thread.process() && wait(victim, kernel);
    }

    /** Who has most, of those who have not been told to end; null: nobody. */
    private static UnixProcess victim(Kernel kernel) {
        UnixProcess victim = null;
        long most = -1;
        for (UnixProcess process : kernel.table().all()) {
            long pages = process.ended() || doomed(process) ? -1 : pages(process);
            if (pages >= most && pages >= 0) {
                victim = process;
                most = pages;
            }
        }
        return victim;
    }

    /** Whether there is memory again in time. */
    private static boolean wait(UnixProcess victim, Kernel kernel) throws InterruptedException {
        long deadline = told + PATIENCE;
        while (!victim.ended() && kernel.memory().free() <= kernel.memory().low() && System.nanoTime() < deadline) {
            victim.join(LOOK);
        }
        return true;
    }

    /** Whether it has been told to end. */
    private static boolean doomed(UnixProcess process) {
        return process.list().stream().anyMatch(thread -> thread.signals().doomed());
    }

    private static long pages(UnixProcess process) {
        return (long) process.map().space().resident() + process.map().space().swapped();
    }
}
