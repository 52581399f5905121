package bundles.unix.provider.signal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The signals of a process: what it does about each, those that were sent to it as a whole, and whether it is stopped. Each of
 * its threads has {@link Signals} besides.
 *
 * <p>Concurrency: {@link #lock} guards everything here and in the threads' signals. With it held nothing is called but the
 * threads' requests for attention and interrupts, which take no lock; the listener is called without it.
 */
public final class SignalGroup {

    /** Queued signals beyond which one that is pending already is not queued once more (RLIMIT_SIGPENDING). */
    static final int MOST_PENDING = 4096;

    /** Is told that the process was continued; called with no lock held. */
    private final Runnable continued;
    final ReentrantLock lock = new ReentrantLock();
    private final Condition resumed = lock.newCondition();
    private final Action[] actions = new Action[Signal.MAX + 1];
    final List<SignalInfo> pending = new ArrayList<>();
    private final List<Signals> members = new ArrayList<>();
    private boolean stopped;
    /** Run after a signal was queued; with no lock held. */
    private final List<Runnable> watchers = new CopyOnWriteArrayList<>();

    /** @param continued is told when SIGCONT ends a stop; called with no lock held */
    public SignalGroup(Runnable continued) {
        this.continued = continued;
        Arrays.fill(actions, Action.DEFAULT);
    }

    /** A group that does about each signal what this one does; nothing is pending (fork(2)). */
    public SignalGroup copy(Runnable newContinued) {
        var copy = new SignalGroup(newContinued);
        lock.lock();
        try {
            System.arraycopy(actions, 0, copy.actions, 0, actions.length);
        } finally {
            lock.unlock();
        }
        return copy;
    }

    /** Handlers are gone: a signal that had one does what it does at first (execve(2)). */
    public void dropHandlers() {
        lock.lock();
        try {
            for (int signal = 1; signal <= Signal.MAX; signal++) {
                if (actions[signal].handler() != Signal.SIG_IGN) {
                    actions[signal] = Action.DEFAULT;
                }
            }
        } finally {
            lock.unlock();
        }
    }

    void join(Signals member) {
        lock.lock();
        try {
            members.add(member);
        } finally {
            lock.unlock();
        }
    }

    /** A thread has ended: what was sent to the process and is still pending is for the others. */
    public void leave(Signals member) {
        lock.lock();
        try {
            members.remove(member);
            for (SignalInfo info : pending) {
                wakeOne(info.signal());
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Sends a signal to the process. One that it ignores is forgotten, as is one that is pending already if it is a standard
     * one or too many are queued.
     */
    public void send(SignalInfo info) {
        send(info, null);
    }

    /** Sends a signal to one thread, or to the process if that is null. */
    void send(SignalInfo info, Signals only) {
        boolean wasStopped = false;
        boolean queued = false;
        lock.lock();
        try {
            int signal = info.signal();
            wasStopped = prepare(signal);
            Signals first = only != null ? only : members.isEmpty() ? null : members.getFirst();
            boolean blocked = first != null && (first.blockedSet() & Signal.bit(signal)) != 0;
            List<SignalInfo> queue = only == null ? pending : only.own;
            boolean single = signal < Signal.SIGRTMIN || queue.size() >= MOST_PENDING;
            boolean forgotten = actions[signal].ignores(signal) && !blocked
                    || single && (set(queue) & Signal.bit(signal)) != 0;
            queued = !forgotten;
            if (!forgotten) {
                queue.add(info);
                if (signal == Signal.SIGKILL) {
                    members.forEach(Signals::wakeToEnd);
                } else if (only == null) {
                    wakeOne(signal);
                } else {
                    only.wakeFor(signal);
                }
            }
        } finally {
            lock.unlock();
        }
        if (wasStopped) {
            continued.run();
        }
        if (queued) {
            watchers.forEach(Runnable::run);
        }
    }

    /** Something runs from now on whenever a signal was queued, for the process or a thread of it; it must not wait. */
    public void watch(Runnable watcher) {
        watchers.add(watcher);
    }

    /** Ends what {@link #watch} began. */
    public void unwatch(Runnable watcher) {
        watchers.remove(watcher);
    }

    /** The signals that wait, for the process or any of its threads. */
    public long pendingForAny() {
        lock.lock();
        try {
            long set = set(pending);
            for (Signals member : members) {
                set |= set(member.own);
            }
            return set;
        } finally {
            lock.unlock();
        }
    }

    /** Whether this very signal has not been taken yet. */
    public boolean queued(SignalInfo info) {
        return replace(info, info);
    }

    /** Puts a signal in the place of one that has not been taken yet. @return {@code false}: it has */
    public boolean replace(SignalInfo old, SignalInfo now) {
        lock.lock();
        try {
            boolean done = replace(pending, old, now);
            for (Signals member : members) {
                done = done || replace(member.own, old, now);
            }
            return done;
        } finally {
            lock.unlock();
        }
    }

    private static boolean replace(List<SignalInfo> queue, SignalInfo old, SignalInfo now) {
        for (int i = 0; i < queue.size(); i++) {
            if (queue.get(i) == old) {
                queue.set(i, now);
                return true;
            }
        }
        return false;
    }

    /** What sending a signal does whether or not it is ignored. @return whether it continued the process */
    private boolean prepare(int signal) {
        if (signal == Signal.SIGCONT) {
            forget(Signal.STOPS);
        } else if ((Signal.bit(signal) & Signal.STOPS) != 0) {
            forget(Signal.bit(Signal.SIGCONT));
        }
        boolean wasStopped = stopped && (signal == Signal.SIGCONT || signal == Signal.SIGKILL);
        if (wasStopped) {
            stopped = false;
            resumed.signalAll();
        }
        return wasStopped && signal == Signal.SIGCONT;
    }

    private void forget(long set) {
        pending.removeIf(info -> (Signal.bit(info.signal()) & set) != 0);
        members.forEach(member -> member.own.removeIf(info -> (Signal.bit(info.signal()) & set) != 0));
    }

    /** Wakes a thread that does not block a signal; one that waits, if there is one. The caller holds the lock. */
    private void wakeOne(int signal) {
        Signals best = null;
        for (Signals member : members) {
            if ((member.blockedSet() & Signal.bit(signal)) == 0 && (best == null || !best.waits() && member.waits())) {
                best = member;
            }
        }
        if (best != null) {
            best.wakeFor(signal);
        }
    }

    /** Ends all threads but one. @param but the one, or null */
    public void end(Signals but) {
        lock.lock();
        try {
            stopped = false;
            resumed.signalAll();
            members.stream().filter(member -> member != but).forEach(Signals::end);
        } finally {
            lock.unlock();
        }
    }

    /** The process stops: each thread does when it looks ({@link Signals#awaitResumed}). @return whether it ran before */
    public boolean stop() {
        lock.lock();
        try {
            boolean before = stopped;
            stopped = true;
            members.forEach(Signals::look);
            return !before;
        } finally {
            lock.unlock();
        }
    }

    /** Whether the process is stopped. */
    public boolean stopped() {
        lock.lock();
        try {
            return stopped;
        } finally {
            lock.unlock();
        }
    }

    void awaitResumed(Signals member) {
        lock.lock();
        try {
            while (stopped && !member.ending()) {
                resumed.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Whether no more signals can be queued for the process. */
    public boolean full() {
        lock.lock();
        try {
            return pending.size() >= MOST_PENDING;
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
                forget(Signal.bit(signal));
            }
        } finally {
            lock.unlock();
        }
    }

    /** The signals that have been sent to the process as a whole and wait. */
    public long pendingSet() {
        lock.lock();
        try {
            return set(pending);
        } finally {
            lock.unlock();
        }
    }

    /** The signals that a queue has. */
    static long set(List<SignalInfo> queue) {
        long set = 0;
        for (SignalInfo info : queue) {
            set |= Signal.bit(info.signal());
        }
        return set;
    }
}
