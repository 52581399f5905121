package bundles.unix.provider.signal;

import bundles.unix.provider.abi.ErrnoException;
import bundles.unix.provider.abi.InterruptedCall;
import bundles.unix.provider.abi.Waiter;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import kernel.core.strand.AdmissionException;
import kernel.core.strand.Parameters;
import kernel.core.strand.Strand;

/**
 * The signals of a thread: which are blocked, which were sent to it alone. What is done about them, and what was sent to the
 * process as a whole, is its {@link SignalGroup}'s.
 *
 * <p>Concurrency: the group's lock guards everything. Any strand may send; the thread's own strand changes masks, takes
 * signals and waits. A sender interrupts that strand only while it waits in {@link #await}, so that no other work of the
 * kernel (a transfer of a file, say) sees an interrupt.
 */
public final class Signals implements Waiter {

    /** Priority of who is to end. */
    private static final int ENDING = Parameters.USUAL.priority() + 1000;

    /** Runs after a signal was sent that is to be delivered soon; takes no lock. */
    private final Runnable attention;

    private final SignalGroup group;
    private final ReentrantLock lock;
    final List<SignalInfo> own = new ArrayList<>();
    private long blocked;
    /** What was blocked before sigsuspend, to be restored by the handler's return; valid if {@link #suspended}. */
    private long blockedBefore;
    private boolean suspended;
    /** The thread is to end, whatever is blocked. */
    private boolean ending;

    /** The thread's strand. */
    private Strand strand;
    /** The thread's strand while it waits, else null. */
    private Strand waiter;
    /** Whether that wait is ended by signals; if not, only by the thread's end. */
    private boolean interruptible;

    /**
     * @param group the process's
     * @param blocked what is blocked at first
     * @param attention makes the thread look for signals soon; called with the group's lock held
     */
    public Signals(SignalGroup group, long blocked, Runnable attention) {
        this.group = group;
        this.lock = group.lock;
        this.blocked = blocked;
        this.attention = attention;
        group.join(this);
    }

    /** What the process does about signals. */
    public SignalGroup group() {
        return group;
    }

    /** Sends a signal to this thread alone. */
    public void send(SignalInfo info) {
        group.send(info, this);
    }

    /** Whether no more signals can be queued for this thread. */
    public boolean full() {
        lock.lock();
        try {
            return own.size() >= SignalGroup.MOST_PENDING;
        } finally {
            lock.unlock();
        }
    }

    /** A signal has come that this thread may have to deliver. The caller holds the lock. */
    void wakeFor(int signal) {
        if ((blocked & Signal.bit(signal)) == 0) {
            look();
        }
    }

    /** The thread is to look for signals, and whether it is to stop. The caller holds the lock. */
    void look() {
        if (waiter != null && interruptible) {
            waiter.interrupt();
        }
        attention.run();
    }

    /** The thread is to end. The caller holds the lock. */
    void end() {
        ending = true;
        wakeToEnd();
    }

    /** Something has come that ends every wait. The caller holds the lock. */
    void wakeToEnd() {
        hurry();
        if (waiter != null) {
            waiter.interrupt();
        }
        attention.run();
    }

    /**
     * Who is to end does so before others go on, and gives back what it holds: among thousands that compute its turn would come after a
     * minute. The caller holds the lock.
     */
    private void hurry() {
        if (strand != null) {
            Parameters own = strand.ownParameters();
            try {
                strand.setParameters(own.withPriority(Math.max(own.priority(), ENDING)));
            } catch (AdmissionException e) {
                // It ends in its turn.
            }
        }
    }

    /** Whether the thread waits. The caller holds the lock. */
    boolean waits() {
        return waiter != null && interruptible;
    }

    /** What is blocked. The caller holds the lock. */
    long blockedSet() {
        return blocked;
    }

    /** Whether the thread is to end because its process does, or runs another program. */
    public boolean ending() {
        lock.lock();
        try {
            return ending;
        } finally {
            lock.unlock();
        }
    }

    /** Whether the thread is to end, or will when it looks for signals: SIGKILL was sent. */
    public boolean doomed() {
        lock.lock();
        try {
            return ending || ((SignalGroup.set(own) | SignalGroup.set(group.pending))
                    & Signal.bit(Signal.SIGKILL)) != 0;
        } finally {
            lock.unlock();
        }
    }

    /** Waits while the process is stopped. The thread's own strand. */
    public void awaitResumed() {
        group.awaitResumed(this);
    }

    /** Takes the next signal that is pending and not blocked: the lowest number first; null if there is none. */
    public SignalInfo take() {
        return takeOf(-1L, false);
    }

    /**
     * Takes a pending signal: of the thread's, then of the process's.
     *
     * @param set which signals
     * @param evenBlocked blocked ones as well
     * @return it, or null if there is none
     */
    public SignalInfo takeOf(long set, boolean evenBlocked) {
        lock.lock();
        try {
            long wanted = evenBlocked ? set : set & ~blocked;
            SignalInfo mine = takeFrom(own, wanted);
            return mine != null ? mine : takeFrom(group.pending, wanted);
        } finally {
            lock.unlock();
        }
    }

    private static SignalInfo takeFrom(List<SignalInfo> queue, long wanted) {
        SignalInfo next = null;
        for (SignalInfo info : queue) {
            if ((wanted & Signal.bit(info.signal())) != 0 && (next == null || info.signal() < next.signal())) {
                next = info;
            }
        }
        queue.remove(next);
        return next;
    }

    /** What is done about a signal. */
    public Action action(int signal) {
        return group.action(signal);
    }

    /** The signals that are blocked. */
    public long blocked() {
        lock.lock();
        try {
            return blocked;
        } finally {
            lock.unlock();
        }
    }

    /** Sets the signals that are blocked, and delivers soon what that lets through. */
    public void setBlocked(long set) {
        lock.lock();
        try {
            blocked = set & ~Signal.UNBLOCKABLE;
            if (deliverable()) {
                attention.run();
            }
        } finally {
            lock.unlock();
        }
    }

    /** The signals that are pending and blocked. */
    public long pending() {
        lock.lock();
        try {
            return (SignalGroup.set(own) | SignalGroup.set(group.pending)) & blocked;
        } finally {
            lock.unlock();
        }
    }

    /** The signals that were sent to this thread alone and wait. */
    public long ownSet() {
        lock.lock();
        try {
            return SignalGroup.set(own);
        } finally {
            lock.unlock();
        }
    }

    /** Blocks other signals until the next handler returns (sigsuspend(2)). */
    public void suspend(long set) {
        lock.lock();
        try {
            blockedBefore = blocked;
            suspended = true;
            setBlocked(set);
        } finally {
            lock.unlock();
        }
    }

    /** The mask that a handler's return is to restore; ends what {@link #suspend} began. */
    public long maskToRestore() {
        lock.lock();
        try {
            long mask = suspended ? blockedBefore : blocked;
            suspended = false;
            return mask;
        } finally {
            lock.unlock();
        }
    }

    /** Ends what {@link #suspend} began if no handler did. */
    public void unsuspend() {
        lock.lock();
        try {
            if (suspended) {
                setBlocked(maskToRestore());
            }
        } finally {
            lock.unlock();
        }
    }

    /** The strand that waits in {@link #await}: the thread's own; set before it runs user code. */
    public void setStrand(Strand newStrand) {
        lock.lock();
        try {
            this.strand = newStrand;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public <T> T await(Wait<T> wait) throws IOException, ErrnoException {
        return await(wait, true);
    }

    /**
     * Waits so that only the end of the thread ends the wait.
     *
     * @throws InterruptedCall the thread is to end
     */
    public <T> T awaitUninterrupted(Wait<T> wait) throws IOException, ErrnoException {
        return await(wait, false);
    }

    private <T> T await(Wait<T> wait, boolean bySignals) throws IOException, ErrnoException {
        lock.lock();
        try {
            if (doomed() || bySignals && deliverable()) {
                attention.run();
                throw InterruptedCall.exception();
            }
            waiter = strand;
            interruptible = bySignals;
        } finally {
            lock.unlock();
        }
        try {
            return wait.run();
        } catch (InterruptedException | InterruptedIOException e) {
            // Even if nobody sent a signal: the trap that follows makes the call again.
            attention.run();
            throw InterruptedCall.exception();
        } finally {
            lock.lock();
            try {
                waiter = null;
                Thread.interrupted();
            } finally {
                lock.unlock();
            }
        }
    }

    /** Whether there is something to be delivered: a signal that is not blocked, a stop, the end. */
    public boolean deliverable() {
        lock.lock();
        try {
            return ending || group.stopped()
                    || ((SignalGroup.set(own) | SignalGroup.set(group.pending)) & ~blocked) != 0;
        } finally {
            lock.unlock();
        }
    }
}
