package kernel.ext.net.api.handle;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import kernel.ext.net.api.Network;
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

    /**
     * What one application may hold.
     *
     * @param ports of all kinds, listeners and Ethernet types included
     * @param connections at once
     * @param bytes that the buffers of its connections may take together beyond the first few of each; {@link Long#MAX_VALUE} for no
     *            limit
     */
    public record Limits(int ports, int connections, long bytes) {
        /** None. */
        public static final Limits NONE = new Limits(Integer.MAX_VALUE, Integer.MAX_VALUE, Long.MAX_VALUE);
    }

    /**
     * Somebody who holds things.
     *
     * @param key who he is, among others
     * @param name for people
     * @param limits what he may hold
     * @param whole of whom he is a part, where all that he holds is counted too; or null
     */
    public record Holder(Object key, String name, Limits limits, Holder whole) {
        private static final Holder ANYBODY = new Holder("", "this program", Limits.NONE);

        /** Somebody who is no part of another. */
        public Holder(Object key, String name, Limits limits) {
            this(key, name, limits, null);
        }
    }

    /** Changed with the lock held; looked at without. */
    private final Map<Object, Account> accounts = new ConcurrentHashMap<>();
    private Supplier<Holder> callers = () -> Holder.ANYBODY;
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

    /**
     * Who calls is found out so from now on.
     *
     * @param who is asked in the strand of whoever takes something, with the lock held
     */
    public void callers(Supplier<Holder> who) {
        callers = who;
    }

    /** The account of whoever calls. Called with the lock held, while a stack serves. */
    Account account() {
        return account(callers.get());
    }

    private Account account(Holder holder) {
        Account known = accounts.get(holder.key());
        if (known != null) {
            return known;
        }
        accounts.values().removeIf(one -> one.whole != null && one.isEmpty()); // processes come and go
        Account made = new Account(holder, holder.whole() == null ? null : account(holder.whole()));
        accounts.put(holder.key(), made);
        return made;
    }

    /**
     * Somebody is gone: what he holds is given back. Connections end as if he had closed them: what was written is still sent.
     *
     * @param key see {@link Holder#key}
     * @param patience nanoseconds to wait for the lock, which may be held by somebody who waits in turn, for a protocol that is being
     *            updated, say; {@link Long#MAX_VALUE} for ever
     * @return false if the lock was not had in this time, or the calling strand was interrupted: nothing was done
     */
    public boolean gone(Object key, long patience) {
        if (!accounts.containsKey(key)) {
            return true;
        }
        try {
            if (!lock.tryLock(patience, TimeUnit.NANOSECONDS)) {
                return false;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
        try {
            Account account = accounts.get(key);
            if (account != null) {
                account.close();
                accounts.values().removeIf(one -> (one == account || one.whole == account) && one.isEmpty());
            }
            return true;
        } finally {
            leave();
        }
    }

    /** Keys of those who hold, or have held, something. */
    public List<Object> holders() {
        return List.copyOf(accounts.keySet());
    }

    /** What everybody holds. */
    public List<Network.Holder> held() {
        enter();
        try {
            return accounts.values().stream().filter(one -> one.whole == null || !one.isEmpty())
                    .sorted(Comparator.comparing(one -> one.holder.name()))
                    .map(one -> new Network.Holder(one.holder.name(),
                            one.count(Account.Kind.PORTS) + one.count(Account.Kind.BEHIND),
                            one.count(Account.Kind.CONNECTIONS), one.allowance.used(), one.allowance.limit()))
                    .toList();
        } finally {
            leave();
        }
    }

    /**
     * Counts something that is not of this package, as one port.
     *
     * @param close gives it back
     * @return to be run when it was given back
     * @throws NetworkException whoever calls holds too much already
     */
    public Runnable hold(Runnable close) throws NetworkException {
        enter();
        try {
            stack();
            Account.Holding holding = account().hold(Account.Kind.PORTS, 1, close);
            return () -> {
                enter();
                holding.release();
                leave();
            };
        } finally {
            leave();
        }
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
                left = await(back, left);
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

    /** Waits with the lock held: see {@link StackInForce#await}. */
    long await(Condition condition, long nanoseconds) throws InterruptedException {
        return time.await(condition, nanoseconds);
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
        if (stack != null && !stack.stops()) {
            stack.push(tcb); // else the next one does, as for all
        }
    }

    void abort(Tcb tcb) {
        Consumer<StackInForce> abort = it -> {
            if (tcb.state != TcpState.CLOSED) {
                it.abort(tcb);
            }
        };
        if (stack != null && stack.stops()) {
            later.add(abort); // the other side is to hear of it
        } else {
            soon(abort);
        }
    }
}
