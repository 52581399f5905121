package kernel.ext.net.provider;

import java.security.SecureRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiFunction;
import kernel.core.machine.Clock;
import kernel.core.machine.NetworkAdapter;
import kernel.core.machine.VirtualTime;
import kernel.core.strand.Strand;
import kernel.core.strand.Strands;
import kernel.ext.net.api.IpLink;
import kernel.ext.net.api.handle.Handles;
import kernel.ext.net.api.tcp.TcpTable;

/**
 * A stack with its lock, its clock and the strand that wakes it. Thread-safe: whoever enters holds the lock until he leaves. On
 * leaving, the strand is woken if there is a deadline before the one that it sleeps for.
 */
final class Host {

    private static final long LONGEST = TimeUnit.SECONDS.toNanos(3600);

    private static final SecureRandom RANDOM = new SecureRandom();

    private final System.Logger log = System.getLogger(Host.class.getName());
    final Handles handles;
    final ReentrantLock lock;
    private final Condition alarm;
    private final Clock clock;
    final Stack stack;
    private long sleepingUntil;
    /** When the strand looked last; if it is later than now, another run of the machine has begun ({@link VirtualTime}). */
    private long looked;
    private boolean over;
    private Strand strand;

    private Host(Clock clock, Handles handles, Stack stack) {
        this.clock = clock;
        this.handles = handles;
        this.stack = stack;
        lock = handles.lock();
        alarm = lock.newCondition();
    }

    /**
     * A host that serves what applications hold.
     *
     * @param left what they held of the network before, or null; if that has ended they begin anew
     * @param stacks makes the stack of connections and a seed
     */
    static Host serving(Handles left, Clock clock, BiFunction<TcpTable, Long, Stack> stacks) {
        if (left != null) {
            left.lock().lock();
            try {
                Host host = new Host(clock, left, stacks.apply(left.connections(), secret(clock)));
                if (left.attach(new Serving(host))) {
                    return host;
                }
                host.stack.close();
            } finally {
                left.lock().unlock();
            }
        }
        TcpTable none = new TcpTable(secret(clock), TcpTable.BUFFER);
        return serving(new Handles(none), clock, stacks);
    }

    /** What outsiders cannot guess; on a machine whose runs are repeated, where there are none, always the same. */
    private static long secret(Clock clock) {
        return clock instanceof VirtualTime ? 1 : RANDOM.nextLong();
    }

    long now() {
        return clock.monotonicTime();
    }

    /**
     * Waits, in this clock's time, so that runs which are repeated do.
     *
     * @param condition of the lock, which is held
     * @param nanoseconds how long at most
     * @return what is left of that time; 0 or less: it is over
     */
    long await(Condition condition, long nanoseconds) throws InterruptedException {
        return clock.await(lock, condition, nanoseconds);
    }

    /** Time of day, nanoseconds. */
    long realTime() {
        return clock.realTime();
    }

    void start(Strands strands, String name) {
        strand = strands.fork(name, this::run);
    }

    /** Ends everything and gives it back. Interfaces must have been disconnected before. */
    void stop() {
        handles.end();
        leave(false);
    }

    /**
     * Leaves the handles to the next host. Interfaces must have been disconnected before.
     *
     * @param patience nanoseconds, after which they end if there is none
     */
    Handles leave(Strands strands, long patience) {
        int since = leave(true);
        strands.fork("network, being updated", () -> handles.expire(since, patience));
        return handles;
    }

    private int leave(boolean toNext) {
        lock.lock();
        try {
            over = true;
            int since = toNext ? handles.detach() : 0;
            stack.close();
            alarm.signalAll();
            return since;
        } finally {
            lock.unlock();
        }
    }

    /** Takes the lock. */
    void enter() {
        lock.lock();
    }

    /** Gives the lock back. */
    void leave() {
        if (lock.getHoldCount() == 1) {
            leaving();
        }
        lock.unlock();
    }

    /** Wakes the strand if there is a deadline before the one that it sleeps for. */
    void leaving() {
        if (stack.nextDeadline() < sleepingUntil) {
            alarm.signal();
        }
    }

    /** An adapter's frames go to an interface. */
    void attach(NetworkAdapter adapter, int index) {
        adapter.connect(new Arrivals(index));
    }

    /** Gives an adapter's frames to the stack, those that came together under one hold of the lock. */
    private final class Arrivals implements NetworkAdapter.Receiver {

        private final int index;

        Arrivals(int index) {
            this.index = index;
        }

        @Override
        public void received(byte[] frame, int offset, int length) {
            lock.lock();
            try {
                if (!over) {
                    stack.frame(index, frame, offset, length, now());
                }
            } catch (RuntimeException e) {
                failed(e);
            } finally {
                leave();
            }
        }

        @Override
        public void begun() {
            lock.lock();
            if (!over) {
                stack.begin();
            }
        }

        @Override
        public void ended() {
            try {
                if (!over) {
                    stack.end(now());
                }
            } catch (RuntimeException e) {
                failed(e);
            } finally {
                leave();
            }
        }
    }

    /** An interface that is no Ethernet. */
    void attach(IpLink link, int index) {
        link.connect((packet, offset, length) -> {
            lock.lock();
            try {
                if (!over) {
                    stack.packet(index, packet, offset, length, now());
                }
            } catch (RuntimeException e) {
                failed(e);
            } finally {
                leave();
            }
        });
    }

    /** A handler failed: the packet is lost, the stack goes on. */
    private void failed(RuntimeException e) {
        if (stack.counters.handlersFailed++ < 10) {
            log.log(System.Logger.Level.ERROR, "a packet was dropped since its handler failed", e);
        }
    }

    private void run() {
        lock.lock();
        try {
            while (!over) {
                long now = now();
                if (now < looked) {
                    stack.opening.restart();
                    stack.udp.restart();
                }
                looked = now;
                try {
                    stack.poll(now);
                } catch (RuntimeException e) {
                    failed(e);
                }
                sleepingUntil = Math.min(stack.nextDeadline(), now + LONGEST);
                await(alarm, sleepingUntil - now());
                sleepingUntil = 0;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public String toString() {
        return "strand " + strand;
    }
}
