package kernel.ext.sched.provider;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import kernel.core.machine.VirtualTime;
import kernel.core.strand.Parameters;
import kernel.ext.sched.provider.StrandTask.Account;

/**
 * Runs strands on processors as a policy says: which strands there are, and the lock under which the account of them is kept. See
 * the bundle's README for who owns what.
 */
final class Scheduler {

    /** Bytes of stack of a carrier, on which strands run. */
    static final long STACK = 2 << 20;

    final VirtualProcessor[] processors;
    final ReadyList ready = new ReadyList();
    final Policies policies;
    private final LongSupplier clock;
    /** The machine's own time, or null if it has the host's. */
    private final OwnTime own;
    private final AtomicLong lastId = new AtomicLong();
    private final ConcurrentHashMap<Thread, StrandTask> living = new ConcurrentHashMap<>();
    final LockTable locks = new LockTable();
    final Turns turns;
    final Carriers carriers;
    final Watch watch;
    /** Thread packages in force, in the order of their installation. */
    final List<Group> groups = new CopyOnWriteArrayList<>();
    private volatile boolean closing;

    volatile Core core;

    /**
     * @param count of processors
     * @param clock monotonic, nanoseconds
     */
    Scheduler(int count, LongSupplier clock, Limits limits) {
        this(count, clock, limits, null);
    }

    /** Strands that run in the machine's own time, the same way each time. Nobody watches: turns end by the interval timer. */
    Scheduler(VirtualTime time) {
        this(1, time::monotonicTime, Limits.USUAL, time);
    }

    private Scheduler(int count, LongSupplier clock, Limits limits, VirtualTime time) {
        this.clock = clock;
        this.own = time == null ? null : new OwnTime(time);
        processors = new VirtualProcessor[count];
        policies = new Policies(this);
        core = policies.first(count);
        turns = new Turns(this, own);
        carriers = new Carriers(this, own);
        for (int i = 0; i < count; i++) {
            processors[i] = new VirtualProcessor(i);
            processors[i].carrier = carriers.create(processors[i]);
        }
        watch = new Watch(this, limits);
        for (VirtualProcessor processor : processors) {
            processor.carrier.start();
        }
        if (time == null) {
            watch.start();
        }
    }

    long now() {
        return clock.getAsLong();
    }

    /** Carriers end when there are no strands any more. */
    void close() {
        closing = true;
        watch.call();
        for (VirtualProcessor processor : processors) {
            processor.carrier.call();
        }
    }

    boolean over() {
        return closing && living.isEmpty();
    }

    // ---- strands

    StrandTask fork(String name, Parameters parameters, Runnable body) {
        StrandTask strand = prepare(name, parameters, body);
        start(strand);
        return strand;
    }

    /** A strand that is admitted and has not started. */
    StrandTask prepare(String name, Parameters parameters, Runnable body) {
        StrandTask[] self = new StrandTask[1];
        self[0] = new StrandTask(lastId.incrementAndGet(), name, parameters, this, () -> run(self[0], body));
        if (parameters != Parameters.USUAL && !parameters.equals(Parameters.USUAL)) {
            change(self[0], () -> {}, parameters);
        }
        return self[0];
    }

    void start(StrandTask strand) {
        living.put(strand.thread(), strand);
        try {
            strand.thread().start();
        } catch (RuntimeException | Error e) {
            living.remove(strand.thread());
            throw e;
        }
    }

    /** Forgets a strand that is admitted and will not start. */
    void abandon(StrandTask strand) {
        Core c = enter();
        try {
            policies.call(c, now(), "ended", () -> c.policy.ended(strand));
        } catch (Core.Replaced e) {
            // the new one does not know it
        } finally {
            c.lock.unlock();
        }
    }

    private void run(StrandTask self, Runnable body) {
        try {
            body.run();
        } catch (Throwable e) {
            System.Logger log = System.getLogger(Scheduler.class.getName());
            log.log(System.Logger.Level.ERROR, "strand {0} ({1}) ended by {2}", self.id(), self.name(), e);
            log.log(System.Logger.Level.DEBUG, "strand " + self.id(), e);
        } finally {
            self.bodyEnded = true;
            living.remove(self.thread());
        }
    }

    StrandTask current() {
        return living.get(Thread.currentThread());
    }

    /** The strand that a thread is; null if it is none, or has ended. */
    StrandTask strandOf(Thread thread) {
        return living.get(thread);
    }

    /** Those that have not ended, in no order. */
    Collection<StrandTask> living() {
        return living.values();
    }

    void checkpoint() {
        StrandTask self = current();
        if (self != null && (self.giveWay || own != null && own.turnIsOver(self))) {
            self.giveWay(false);
            Thread.yield();
        }
    }

    /** Changes parameters. @param wanted what the policy must admit; null: it need not be asked */
    void change(StrandTask strand, Runnable how, Parameters wanted) {
        Group group = null;
        Core c = enter();
        try {
            if (wanted != null && strand.group == null) {
                c.policy.admit(strand, wanted); // says no by an exception of its own
            }
            how.run();
            if (strand.group != null && strand.group.inherits(strand)) {
                group = strand.group;
            } else if (strand.account == Account.READY) {
                policies.call(c, now(), "changed", () -> c.policy.changed(strand));
            }
        } catch (Core.Replaced e) {
            // the new one has seen the new parameters
        } finally {
            c.lock.unlock();
        }
        if (group != null) {
            ready(strand);
            group.wakeAll();
        }
    }

    // ---- the lock

    /** Takes the lock of the core in force. */
    Core enter() {
        while (true) {
            Core c = core;
            if (c.tryEnter()) {
                if (c == core) {
                    return c;
                }
                c.lock.unlock();
            }
        }
    }

    // ---- ready

    /** A strand can go on. */
    void ready(StrandTask strand) {
        if (own != null && own.takes(strand)) {
            processors[0].carrier.call();
        } else {
            turns.ready(strand);
        }
    }

    /** For people: processors and strands. Called with the lock. */
    List<String> dump() {
        long now = now();
        List<String> lines = new ArrayList<>();
        for (VirtualProcessor processor : processors) {
            StrandTask running = processor.running;
            lines.add("processor " + processor.number + ": " + (running == null
                    ? "idle"
                    : running + " for "
                            + (now - running.since) / 1000 + " us"));
        }
        for (StrandTask strand : living.values()) {
            if (strand.account != Account.RUNNING || strand.on == null) {
                lines.add(strand + ": " + strand.account.name().toLowerCase() + (strand.account == Account.READY
                        ? " for " + (now - strand.since) / 1000 + " us"
                        : ""));
            }
        }
        return lines;
    }
}
