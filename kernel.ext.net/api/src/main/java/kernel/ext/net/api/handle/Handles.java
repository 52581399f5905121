package kernel.ext.net.api.handle;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import kernel.ext.net.api.NetworkException;
import kernel.ext.net.api.tcp.Tcb;
import kernel.ext.net.api.tcp.TcpListening;
import kernel.ext.net.api.tcp.TcpState;
import kernel.ext.net.api.tcp.TcpTable;

/**
 * All that applications hold of one network, and its TCP connections. The stack that serves it comes ({@link #attach}), goes
 * ({@link #detach}) and is followed by another. Meanwhile bytes are read that have come and written as far as there is room; what needs
 * a stack is done by the next one, or waits for it. If none comes ({@link #expire}) everything ends, and who waits is told.
 *
 * <p>Thread-safe by one lock, which is also that of the stack: whoever has entered holds it until he leaves.
 */
public final class Handles {

    private static final String STOPPED = "The network was stopped";

    /** What has to be bound to each new stack. */
    interface Lasting {

        /** Binds to a stack. @return false if it cannot be: it is told so and is over */
        boolean bind(StackInForce to);

        /** There is no stack at present. */
        void unbound();

        /** There will be no stack any more. */
        void ended(NetworkException why);
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition back = lock.newCondition();
    private final TcpTable connections;
    private final Set<Lasting> lasting = new LinkedHashSet<>();
    private final ArrayDeque<Consumer<StackInForce>> later = new ArrayDeque<>();
    private StackInForce stack;
    /** The stack in force or the one before, which knows the time. */
    private StackInForce time;
    private long leftAt;
    private int generation;
    private boolean ended;

    /** Handles of a network that has no stack yet. @param connections its connections, of which there are none */
    public Handles(TcpTable connections) {
        this.connections = connections;
    }

    /** The lock, to be held by whoever uses the stack. */
    public ReentrantLock lock() {
        return lock;
    }

    /** The connections; used with the lock held. */
    public TcpTable connections() {
        return connections;
    }

    /**
     * A stack serves them from now on: it gets what was bound, and what was asked for meanwhile. Called with the lock held.
     *
     * @return false if all has ended, or the time has gone back (of another clock), which ends all: new handles are needed
     */
    public boolean attach(StackInForce to) {
        if (ended || to.now() < leftAt) {
            end();
            return false;
        }
        stack = to;
        time = to;
        for (Lasting one : List.copyOf(lasting)) {
            if (!one.bind(to)) {
                lasting.remove(one);
            }
        }
        for (Tcb tcb : connections.all()) {
            if (tcb.state != TcpState.TIME_WAIT) {
                to.push(tcb);
            }
        }
        for (Consumer<StackInForce> what = later.poll(); what != null; what = later.poll()) {
            what.accept(to);
        }
        back.signalAll();
        return true;
    }

    /** The stack serves them no more. Called with the lock held. @return to be given to {@link #expire} */
    public int detach() {
        leftAt = stack.now();
        lasting.forEach(Lasting::unbound);
        stack = null;
        return ++generation;
    }

    /**
     * Waits for the next stack, and ends everything if there is none in time.
     *
     * @param since what {@link #detach} answered
     * @param patience nanoseconds
     */
    public void expire(int since, long patience) {
        lock.lock();
        try {
            long left = patience;
            while (stack == null && generation == since && !ended && left > 0) {
                left = back.awaitNanos(left);
            }
            if (stack == null && generation == since) {
                end();
            }
        } catch (InterruptedException e) {
            end(); // the kernel stops
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    /** Ends everything: connections have failed, who waits is told. */
    public void end() {
        lock.lock();
        try {
            if (ended) {
                return;
            }
            ended = true;
            // not by the protocol: when the whole machine stops, its bundle may be gone already
            for (Tcb tcb : connections.all()) {
                tcb.state = TcpState.CLOSED;
                tcb.failure = STOPPED;
                connections.remove(tcb);
                tcb.user.changed(tcb);
            }
            for (TcpListening listening : connections.listening()) {
                listening.ended = true;
                listening.arrived.run();
            }
            new ArrayList<>(lasting).forEach(one -> one.ended(NetworkException.of(STOPPED, "")));
            lasting.clear();
            later.clear();
            stack = null;
            back.signalAll();
        } finally {
            lock.unlock();
        }
    }

    void enter() {
        lock.lock();
    }

    void leave() {
        if (stack != null && lock.getHoldCount() == 1) {
            stack.leaving();
        }
        lock.unlock();
    }

    long now() {
        return time.now();
    }

    Condition condition() {
        return lock.newCondition();
    }

    /** Whether a stack serves them. */
    boolean served() {
        return stack != null;
    }

    /** The stack in force; waits for it if it is being updated. @throws NetworkException there is none any more */
    StackInForce stack() throws NetworkException {
        while (stack == null) {
            if (ended) {
                throw NetworkException.of(STOPPED, "");
            }
            back.awaitUninterruptibly();
        }
        return stack;
    }

    void add(Lasting one) {
        lasting.add(one);
    }

    void remove(Lasting one) {
        lasting.remove(one);
    }

    /** Does something now, or when there is a stack. */
    void soon(Consumer<StackInForce> what) {
        if (stack != null) {
            what.accept(stack);
        } else if (!ended) {
            later.add(what);
        }
    }

    void push(Tcb tcb) {
        if (stack != null) {
            stack.push(tcb); // else the next one does, as for all
        }
    }

    void abort(Tcb tcb) {
        soon(it -> {
            if (tcb.state != TcpState.CLOSED) {
                it.abort(tcb);
            }
        });
    }
}
