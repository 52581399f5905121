package kernel.ext.sched.provider;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import kernel.core.machine.VirtualTime;
import kernel.core.strand.Parameters;
import kernel.core.strand.Schedulable;
import kernel.core.strand.SchedulingPolicy.Reason;
import kernel.core.strand.TurnObserver;
import kernel.ext.sched.provider.StrandTask.Account;

/**
 * Runs strands on processors as a policy says. See the bundle's README for who owns what.
 */
final class Scheduler {

    /** Bytes of stack of a carrier, on which strands run. */
    static final long STACK = 2 << 20;
    /** A carrier without a processor that nobody called for so long ends. */
    private static final long SPARE = 5_000_000_000L;
    private static final long NEVER = 1_000_000_000L;
    private static final long SOON = 1_000_000;
    private static final int MOST_CARRIERS = 4096;
    /** No policy may give less, nanoseconds. */
    private static final long SHORTEST = 100_000;

    final VirtualProcessor[] processors;
    final ReadyList ready = new ReadyList();
    final Policies policies;
    private final LongSupplier clock;
    /** The machine's own time, or null if it has the host's. */
    private final OwnTime own;
    /** Is told of each turn; null: nobody is. Called with the lock. */
    private volatile TurnObserver observer;
    private final AtomicLong lastId = new AtomicLong();
    private final AtomicLong carriers = new AtomicLong();
    private final ConcurrentHashMap<Thread, StrandTask> living = new ConcurrentHashMap<>();
    private final Deque<Carrier> spares = new ArrayDeque<>();
    final Watch watch;
    /** Makes user code in a thread come to its next checkpoint. */
    private volatile Consumer<Thread> interrupter = thread -> {};
    private volatile boolean closing;

    volatile Core core;
    /** Monotonic time at the last look at the clock; while anything runs not older than the watch's tick. */
    private long lately;

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
        for (int i = 0; i < count; i++) {
            processors[i] = new VirtualProcessor(i);
            processors[i].carrier = newCarrier(processors[i]);
        }
        watch = new Watch(this, limits);
        for (VirtualProcessor processor : processors) {
            processor.carrier.start();
        }
        if (time == null) {
            watch.start();
        }
    }

    /** Called with the lock. */
    void looked(long now) {
        lately = now;
    }

    long now() {
        return clock.getAsLong();
    }

    void setInterrupter(Consumer<Thread> how) {
        interrupter = how;
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
        StrandTask[] self = new StrandTask[1];
        self[0] = new StrandTask(lastId.incrementAndGet(), name, parameters, this, () -> run(self[0], body));
        if (parameters != Parameters.USUAL && !parameters.equals(Parameters.USUAL)) {
            change(self[0], () -> {}, parameters);
        }
        living.put(self[0].thread(), self[0]);
        try {
            self[0].thread().start();
        } catch (RuntimeException | Error e) {
            living.remove(self[0].thread());
            throw e;
        }
        return self[0];
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

    void observe(TurnObserver who) {
        observer = who;
    }

    /** Changes parameters. @param wanted what the policy must admit; null: it need not be asked */
    void change(StrandTask strand, Runnable how, Parameters wanted) {
        Core c = enter();
        try {
            if (wanted != null) {
                c.policy.admit(strand, wanted); // says no by an exception of its own
            }
            how.run();
            if (strand.account == Account.READY) {
                policies.call(c, now(), "changed", () -> c.policy.changed(strand));
            }
        } catch (Core.Replaced e) {
            // the new one has seen the new parameters
        } finally {
            c.lock.unlock();
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
            isReady(strand);
        }
    }

    private void isReady(StrandTask strand) {
        Carrier called = null;
        Core c = enter();
        try {
            if (strand.account == Account.READY) {
                return; // the JDK says it twice when somebody has looked at the stack of a thread that waits for its turn
            }
            boolean ran = strand.account == Account.RUNNING;
            // the clock costs as much as the rest of this; nobody needs to know to the microsecond since when one waits
            long now = ran || watch.hasRested() ? now() : lately;
            boolean had = ran && strand.on != null;
            long time = ran ? leave(strand, now) : 0;
            Reason reason = ran && Thread.currentThread() instanceof Carrier ? Reason.YIELDED : Reason.UNBLOCKED;
            strand.account(Account.READY, now);
            ready.add(strand);
            VirtualProcessor victim = null;
            c.calls(now);
            try {
                if (had) {
                    c.policy.stopped(strand, time);
                }
                c.policy.ready(strand, reason, now);
                called = wake(strand);
                if (called == null) {
                    victim = victim(c, strand);
                }
            } catch (Throwable e) {
                throw policies.failed(c, "ready", e);
            }
            c.returned();
            if (victim != null) {
                ask(victim.running, now);
            }
        } catch (Core.Replaced e) {
            called = null; // the new policy was given it, and wakes whom it needs
        } finally {
            c.lock.unlock();
        }
        if (called != null) {
            called.call();
        }
    }

    /** Accounts for the end of a turn. @return how long it was */
    private static long leave(StrandTask strand, long now) {
        long time = Math.max(0, now - strand.since);
        strand.ran(time);
        VirtualProcessor processor = strand.on;
        if (processor != null) {
            processor.ends(time);
            strand.on(null);
        }
        if (strand.giveWay) {
            strand.giveWay(false);
        }
        return time;
    }

    /**
     * Whom to wake for a strand that has become ready. A strand that another makes so will be found by that one's
     * processor when it looks for the next, and one strand alone is not worth waking another processor, which takes longer
     * than most strands run until they wait. Should the processor not look soon, the watch finds the strand within a
     * millisecond.
     */
    private Carrier wake(StrandTask strand) {
        VirtualProcessor idle = null;
        boolean busy = false;
        for (VirtualProcessor processor : processors) {
            if (processor.idle && (idle == null || processor.number == strand.lastProcessor)) {
                idle = processor;
            }
            busy |= !processor.idle;
        }
        if (idle == null) {
            return null;
        }
        if (busy && ready.size() == 1) {
            Thread caller = Thread.currentThread();
            if (caller.isVirtual() || caller instanceof Carrier) {
                return null;
            }
        }
        idle.idle = false;
        return idle.carrier;
    }

    /** If all processors are busy: the one that is to give way, or null. */
    private VirtualProcessor victim(Core c, StrandTask strand) {
        VirtualProcessor victim = null;
        for (VirtualProcessor processor : processors) {
            StrandTask running = processor.running;
            if (processor.idle) {
                return null;
            }
            if (running != null && !running.giveWay && c.policy.preempts(strand, running)
                    && (victim == null || running.parameters().priority() < victim.running.parameters().priority())) {
                victim = processor;
            }
        }
        return victim;
    }

    /** Asks a strand to give way at its next checkpoint. */
    void ask(StrandTask strand, long now) {
        strand.asked = now;
        strand.giveWay(true);
        interrupter.accept(strand.thread());
    }

    // ---- carriers

    /**
     * What a carrier does next.
     *
     * @param ran what it ran until now, or null
     * @param turn which turn of that strand it was
     * @return what to run; null: the carrier is to end
     */
    StrandTask take(Carrier carrier, StrandTask ran, long turn) {
        StrandTask finished = ran;
        boolean called = true;
        while (true) {
            long rest;
            if (own != null && finished == null) {
                own.settle(living.values(), this::isReady);
            }
            Core c = enter();
            try {
                StrandTask last = finished;
                finished = null;
                long now = now();
                lately = now;
                if (last != null) {
                    finish(c, last, turn, now);
                }
                if (own != null && last != null) {
                    continue; // settle first
                }
                if (carrier.processor != null) {
                    StrandTask next = pick(c, carrier.processor, now);
                    if (next != null) {
                        return next;
                    }
                    carrier.processor.idle = true;
                    rest = ready.size() > 0 ? SOON : NEVER;
                } else if (called && !spares.contains(carrier)) {
                    spares.push(carrier);
                    rest = SPARE;
                } else {
                    spares.remove(carrier);
                    return null;
                }
                if (over()) {
                    return null;
                }
            } catch (Core.Replaced e) {
                continue;
            } finally {
                c.lock.unlock();
            }
            if (own != null && ready.size() == 0 && own.skip()) {
                continue;
            }
            called = carrier.rest(rest) || carrier.processor != null;
        }
    }

    /** A turn is over; if the strand can go on, {@link #ready} has accounted for it already. */
    private void finish(Core c, StrandTask strand, long turn, long now) {
        if (strand.turn != turn || strand.account != Account.RUNNING) {
            return;
        }
        boolean had = strand.on != null;
        long time = leave(strand, now);
        strand.account(strand.bodyEnded ? Account.ENDED : Account.BLOCKED, now);
        c.calls(now);
        try {
            if (had) {
                c.policy.stopped(strand, time);
            }
            if (strand.bodyEnded) {
                c.policy.ended(strand);
            }
        } catch (Throwable e) {
            throw policies.failed(c, "stopped or ended", e);
        }
        c.returned();
    }

    private StrandTask pick(Core c, VirtualProcessor processor, long now) {
        processor.idle = false;
        if (ready.size() == 0) {
            return null;
        }
        Schedulable chosen;
        long quantum = 0;
        c.calls(now);
        try {
            chosen = c.policy.next(processor.number, now);
            if (chosen != null) {
                quantum = c.policy.quantum(chosen);
            }
        } catch (Throwable e) {
            throw policies.failed(c, "next or quantum", e);
        }
        c.returned();
        if (chosen == null) {
            return null;
        }
        if (!(chosen instanceof StrandTask strand) || strand.account != Account.READY) {
            throw policies.wrong(c, "answered with " + chosen + ", which is not ready", null);
        }
        processor.quantum = Math.max(own == null ? SHORTEST : 1, quantum);
        ready.remove(strand);
        strand.on(processor);
        strand.lastProcessor = processor.number;
        strand.turn++;
        strand.account(Account.RUNNING, now);
        processor.begins(strand);
        watch.attend();
        if (own != null) {
            own.turnBegins(now, processor.quantum);
        }
        TurnObserver told = observer;
        if (told != null) {
            told.turn(now, processor.number, strand);
        }
        return strand;
    }

    private Carrier newCarrier(VirtualProcessor processor) {
        return new Carrier(this, (int) carriers.getAndIncrement(), processor);
    }

    /**
     * Gives a processor to another carrier, because its own is busy with something that does not give way. The strand goes on,
     * without a processor, until it waits. Called with the lock.
     */
    void retake(Core c, VirtualProcessor processor, long now) {
        if (carriers.get() - spares.size() > MOST_CARRIERS) {
            return;
        }
        StrandTask strand = processor.running;
        if (strand != null) {
            processor.ends(Math.max(0, now - strand.since));
            strand.on(null);
        }
        processor.carrier.processor = null;
        Carrier spare = spares.poll();
        boolean fresh = spare == null;
        processor.carrier = fresh ? newCarrier(processor) : spare;
        processor.carrier.processor = processor;
        processor.idle = false;
        if (fresh) {
            processor.carrier.start();
        } else {
            processor.carrier.call();
        }
        if (strand != null) {
            policies.call(c, now, "stopped", () -> c.policy.stopped(strand, Math.max(0, now - strand.since)));
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
