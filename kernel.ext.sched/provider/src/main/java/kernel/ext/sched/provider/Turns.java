package kernel.ext.sched.provider;

import java.util.function.Consumer;
import kernel.core.strand.Schedulable;
import kernel.core.strand.SchedulingPolicy.Reason;
import kernel.core.strand.TurnObserver;
import kernel.ext.sched.provider.StrandTask.Account;

/**
 * The turns that strands get on processors: who becomes ready, who is chosen, whose turn ends, and what the policy is told of it.
 * Everything here belongs to the core's lock, which {@link #ready} takes itself.
 */
final class Turns {

    /** No policy may give less, nanoseconds. */
    private static final long SHORTEST = 100_000;

    private final Scheduler scheduler;
    private final VirtualProcessor[] processors;
    private final ReadyList ready;
    private final Policies policies;
    /** The machine's own time, or null if it has the host's. */
    private final OwnTime own;
    /** Is told of each turn; null: nobody is. Called with the lock. */
    private volatile TurnObserver observer;
    /** Makes user code in a thread come to its next checkpoint. */
    private volatile Consumer<Thread> interrupter = thread -> {};
    /** Monotonic time at the last look at the clock; while anything runs not older than the watch's tick. */
    private long lately;

    Turns(Scheduler scheduler, OwnTime own) {
        this.scheduler = scheduler;
        this.own = own;
        processors = scheduler.processors;
        ready = scheduler.ready;
        policies = scheduler.policies;
    }

    void observe(TurnObserver who) {
        observer = who;
    }

    void setInterrupter(Consumer<Thread> how) {
        interrupter = how;
    }

    void looked(long now) {
        lately = now;
    }

    // ---- ready

    /** A strand can go on. Takes the lock. */
    void ready(StrandTask strand) {
        Group group = strand.group;
        if (group != null && group.takes(strand)) {
            return;
        }
        Carrier called = null;
        Core c = scheduler.enter();
        try {
            if (strand.account == Account.READY) {
                return; // the JDK says it twice when somebody has looked at the stack of a thread that waits for its turn
            }
            if (strand.account == Account.LENT) {
                strand.gives.told = true;
                return;
            }
            boolean ran = strand.account == Account.RUNNING;
            // the clock costs as much as the rest of this; nobody needs to know to the microsecond since when one waits
            long now = ran || scheduler.watch.hasRested() ? scheduler.now() : lately;
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
            if (running != null && !running.giveWay && c.policy.preempts(strand, running.inPlaceOf())
                    && (victim == null || priority(processor) < priority(victim))) {
                victim = processor;
            }
        }
        return victim;
    }

    private static int priority(VirtualProcessor processor) {
        return processor.running.inPlaceOf().parameters().priority();
    }

    /** Asks a strand to give way at its next checkpoint. */
    void ask(StrandTask strand, long now) {
        strand.asked = now;
        strand.giveWay(true);
        interrupter.accept(strand.thread());
    }

    // ---- turns

    /** A turn is over; if the strand can go on, {@link #ready} has accounted for it already. @param turn which one */
    void finish(Core c, StrandTask strand, long turn, long now) {
        if (strand.turn != turn || strand.account != Account.RUNNING) {
            return;
        }
        Group group = strand.group;
        if (group != null) {
            group.stopped(strand);
        }
        end(c, strand, strand.bodyEnded ? Account.ENDED : Account.BLOCKED, now);
    }

    /** The turn of a strand is over, if it had one. */
    void end(Core c, StrandTask strand, Account to, long now) {
        if (strand.account != Account.RUNNING) {
            strand.account(to, now);
            return;
        }
        boolean had = strand.on != null;
        long time = leave(strand, now);
        strand.account(to, now);
        StrandTask holder = strand;
        if (strand.slot != null) {
            holder = strand.slot.strand;
            time = release(strand, now);
        }
        c.calls(now);
        try {
            if (had) {
                c.policy.stopped(holder, time);
            }
            if (to == Account.ENDED) {
                c.policy.ended(strand);
            }
        } catch (Throwable e) {
            throw policies.failed(c, "stopped or ended", e);
        }
        c.returned();
    }

    /** Whom a processor runs next; null: nobody. */
    StrandTask pick(Core c, VirtualProcessor processor, long now) {
        processor.idle = false;
        if (ready.size() == 0) {
            processor.refused = 0;
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
            processor.refused = processor.refused == 0 ? now : processor.refused;
            return null;
        }
        processor.refused = 0;
        if (!(chosen instanceof StrandTask strand) || strand.account != Account.READY) {
            throw policies.wrong(c, "answered with " + chosen + ", which is not ready", null);
        }
        processor.quantum = Math.max(own == null ? SHORTEST : 1, quantum);
        processor.began = now;
        ready.remove(strand);
        begin(strand, processor, now);
        if (own != null) {
            own.turnBegins(now, processor.quantum);
        }
        return strand;
    }

    private void begin(StrandTask strand, VirtualProcessor processor, long now) {
        strand.on(processor);
        strand.lastProcessor = processor.number;
        strand.turn++;
        strand.account(Account.RUNNING, now);
        if (strand.gives != null) {
            strand.gives.since = now;
        }
        processor.begins(strand);
        scheduler.watch.attend();
        TurnObserver told = observer;
        if (told != null) {
            told.turn(now, processor.number, strand);
        }
    }

    // ---- thread packages

    /**
     * If a strand that has just parked has chosen another to run in its place, and has its processor yet, that one's turn begins.
     *
     * @param turn which turn of the strand it was
     * @return that one, or null
     */
    StrandTask handOver(StrandTask strand, long turn, long now) {
        Slot slot = strand.gives;
        if (slot == null || slot.chosen == null || strand.on == null || strand.account != Account.RUNNING
                || strand.turn != turn) {
            return null;
        }
        StrandTask chosen = slot.chosen;
        VirtualProcessor processor = strand.on;
        long time = Math.max(0, now - strand.since);
        strand.ran(time);
        processor.ends(time);
        slot.began = strand.since;
        slot.chosen = null;
        slot.runs = chosen;
        strand.account(Account.LENT, now);
        strand.lend(chosen);
        chosen.slot = slot;
        chosen.giveWay(strand.giveWay);
        chosen.asked = strand.asked;
        strand.giveWay(false);
        begin(chosen, processor, now);
        return chosen;
    }

    /** The turn that a strand had in a slot's place is over. @return how long both had the processor */
    private static long release(StrandTask strand, long now) {
        Slot slot = strand.slot;
        strand.slot = null;
        slot.runs = null;
        slot.strand.on(null);
        slot.strand.lend(null);
        slot.strand.account(Account.BLOCKED, now);
        return Math.max(0, now - slot.began);
    }

    /**
     * The strand that runs goes on without its processor.
     *
     * @return how long it had it
     */
    long deprive(VirtualProcessor processor, StrandTask strand, long now) {
        long time = Math.max(0, now - strand.since);
        processor.ends(time);
        strand.on(null);
        return strand.slot == null ? time : release(strand, now);
    }
}
