package bundles.unix.provider.signal;

import bundles.unix.provider.abi.ErrnoException;
import bundles.unix.provider.abi.InterruptedCall;
import bundles.unix.provider.abi.Waiter;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import kernel.core.strand.Strand;

/**
 * The signals of a process: what it does about each, which are blocked, which are pending.
 *
 * <p>Concurrency: {@link #lock} guards everything. Any strand may send; the process's own strand changes actions and masks,
 * takes signals and waits. A sender interrupts that strand only while it waits in {@link #await}, so that no other work of the
 * kernel (a transfer of a file, say) sees an interrupt.
 */
public final class Signals implements Waiter {

    /** Queued signals beyond which one that is pending already is not queued once more (RLIMIT_SIGPENDING). */
    private static final int MOST_PENDING = 4096;

    /** Runs after a signal was sent that is to be delivered soon. */
    private final Runnable attention;
    private final ReentrantLock lock = new ReentrantLock();
    private final Action[] actions = new Action[Signal.MAX + 1];
    private final List<SignalInfo> pending = new ArrayList<>();
    private long blocked;
    /** What was blocked before sigsuspend, to be restored by the handler's return; valid if {@link #suspended}. */
    private long blockedBefore;
    private boolean suspended;
    /** The process's strand. */
    private Strand own;
    /** The process's strand while it waits, else null. */
    private Strand waiter;

    /** @param attention makes the process look for signals soon; called with no lock held */
    public Signals(Runnable attention) {
        this.attention = attention;
        Arrays.fill(actions, Action.DEFAULT);
    }

    /**
     * Sends a signal. One that the process ignores is forgotten, as is one that is pending already if it is a standard one
     * or too many are queued.
     */
    public void send(SignalInfo info) {
        lock.lock();
        try {
            int signal = info.signal();
            if (actions[signal].ignores(signal) && (blocked & Signal.bit(signal)) == 0) {
                return;
            }
            boolean single = signal < Signal.SIGRTMIN || pending.size() >= MOST_PENDING;
            if (single && (pendingSet() & Signal.bit(signal)) != 0) {
                return;
            }
            pending.add(info);
            if (!deliverable()) {
                return;
            }
            if (waiter != null) {
                waiter.interrupt();
            }
        } finally {
            lock.unlock();
        }
        attention.run();
    }

    /** Whether no more signals can be queued. */
    public boolean full() {
        lock.lock();
        try {
            return pending.size() >= MOST_PENDING;
        } finally {
            lock.unlock();
        }
    }

    /** Takes the next signal that is pending and not blocked: the lowest number first; null if there is none. */
    public SignalInfo take() {
        return takeOf(-1L, false);
    }

    /**
     * Takes a pending signal.
     *
     * @param set which signals
     * @param evenBlocked blocked ones as well
     * @return it, or null if there is none
     */
    public SignalInfo takeOf(long set, boolean evenBlocked) {
        lock.lock();
        try {
            SignalInfo next = null;
            for (SignalInfo info : pending) {
                long bit = Signal.bit(info.signal());
                boolean wanted = (set & bit) != 0 && (evenBlocked || (blocked & bit) == 0);
                if (wanted && (next == null || info.signal() < next.signal())) {
                    next = info;
                }
            }
            pending.remove(next);
            return next;
        } finally {
            lock.unlock();
        }
    }

    /** What is done about a signal. */
    public Action action(int signal) {
        lock.lock();
        try {
            return actions[signal];
        } finally {
            lock.unlock();
        }
    }

    /** Sets what is done about a signal; one that is ignored from now on is no longer pending. */
    public void setAction(int signal, Action action) {
        lock.lock();
        try {
            actions[signal] = action;
            if (action.ignores(signal)) {
                pending.removeIf(info -> info.signal() == signal);
            }
        } finally {
            lock.unlock();
        }
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
        boolean deliver;
        lock.lock();
        try {
            blocked = set & ~Signal.UNBLOCKABLE;
            deliver = deliverable();
        } finally {
            lock.unlock();
        }
        if (deliver) {
            attention.run();
        }
    }

    /** The signals that are pending and blocked. */
    public long pending() {
        lock.lock();
        try {
            return pendingSet() & blocked;
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
        } finally {
            lock.unlock();
        }
        setBlocked(set);
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
            if (!suspended) {
                return;
            }
        } finally {
            lock.unlock();
        }
        setBlocked(maskToRestore());
    }

    /** The strand that waits in {@link #await}: the process's own; set before it runs user code. */
    public void setStrand(Strand strand) {
        lock.lock();
        try {
            this.own = strand;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public <T> T await(Wait<T> wait) throws IOException, ErrnoException {
        lock.lock();
        try {
            if (deliverable()) {
                throw InterruptedCall.exception();
            }
            waiter = own;
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

    private long pendingSet() {
        long set = 0;
        for (SignalInfo info : pending) {
            set |= Signal.bit(info.signal());
        }
        return set;
    }

    /** Whether a signal is pending that is not blocked. */
    public boolean deliverable() {
        lock.lock();
        try {
            return (pendingSet() & ~blocked) != 0;
        } finally {
            lock.unlock();
        }
    }
}
