package kernel.ext.sched.provider;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * Looks at the processors every millisecond while strands run: asks those whose quantum is over to give way, gives the
 * processors of those that do not hear or wait in the host to other carriers, wakes processors for strands that wait, and
 * finds policies that do not do their work. A thread of the host; sleeps while nothing runs.
 */
final class Watch extends Thread {

    /** A carrier that has computed less than this in some looks waits in the host. */
    private static final long WAITS = 50_000;
    private static final int LOOKS = 3;
    /** After so many looks those without a processor are asked to come back. */
    private static final int RECALL = 10;

    /** What a carrier had computed when it was last seen to compute, and how often it was looked at since. */
    private record Computed(long nanoseconds, int looks) {}

    private final Scheduler scheduler;
    private final Limits limits;
    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    /** What carriers had computed at the last look. */
    private final Map<Carrier, Computed> computed = new HashMap<>();
    private int looks;
    private volatile boolean asleep;
    /** It has not looked at the clock since it was made, or since it slept. Written by itself only. */
    private volatile boolean rested = true;
    /** When it last looked, and when it first did so again after a time in which it did not. */
    private long looked;
    private long resumed;
    private boolean woken = true;

    Watch(Scheduler scheduler, Limits limits) {
        super("scheduler-watch");
        this.scheduler = scheduler;
        this.limits = limits;
        setDaemon(true);
    }

    /** Something runs. */
    void attend() {
        if (asleep) {
            call();
        }
    }

    /** Whether what the scheduler knows of the time is older than a tick, because nobody has looked at the clock for it. */
    boolean hasRested() {
        return rested;
    }

    void call() {
        asleep = false;
        LockSupport.unpark(this);
    }

    @Override
    public void run() {
        int quiet = 0;
        while (!scheduler.over()) {
            try {
                quiet = look() ? 0 : quiet + 1;
            } catch (RuntimeException | Error e) {
                System.getLogger("kernel.sched").log(System.Logger.Level.ERROR, "the scheduler's watch failed", e);
            }
            if (quiet < 10) {
                LockSupport.parkNanos(limits.tick());
            } else {
                rested = true; // before it is asleep: who comes from now on looks at the clock, even when he has to wake it
                asleep = true;
                if (!active()) {
                    LockSupport.parkNanos(1_000_000_000L);
                }
                asleep = false;
                woken = true;
                quiet = 0;
            }
        }
    }

    private boolean active() {
        for (VirtualProcessor processor : scheduler.processors) {
            if (processor.running != null) {
                return true;
            }
        }
        for (Group group : scheduler.groups) {
            if (group.hasWaiting()) {
                return true;
            }
        }
        return scheduler.ready.size() > 0;
    }

    /** @return whether anything runs or waits to */
    private boolean look() {
        Core c = scheduler.core;
        long now = scheduler.now();
        if (woken || now - looked > limits.idle() / 2) {
            resumed = now;
            woken = false;
        }
        looked = now;
        Thread stalled = now - resumed > limits.stall() ? c.expel(now, limits.stall()) : null;
        if (stalled != null) {
            scheduler.policies.stalled(c, stalled);
            return true;
        }
        if (!c.tryEnter()) {
            return true;
        }
        Group wrong = null;
        try {
            if (c != scheduler.core) {
                return true;
            }
            scheduler.turns.looked(now);
            rested = false;
            for (VirtualProcessor processor : scheduler.processors) {
                look(c, processor, now);
            }
            if (looks++ % RECALL == 0) {
                recall(now);
            }
            wrong = wrong(now);
            judge(c, now);
            return active();
        } catch (Core.Replaced e) {
            return true;
        } finally {
            String fault = wrong == null ? null : wrong.fault(now, resumed, limits.stall());
            c.lock.unlock();
            scheduler.carriers.wakeFreed();
            if (fault != null) {
                wrong.fail(fault, null);
            }
        }
    }

    private void look(Core c, VirtualProcessor processor, long now) {
        StrandTask running = processor.running;
        boolean others = scheduler.ready.size() > 0
                || running != null && running.slot != null && running.slot.group.hasWaiting();
        if (running == null) {
            if (processor.idle && others) {
                processor.idle = false;
                processor.carrier.call();
            }
            return;
        }
        if (!others) {
            computed.remove(processor.carrier);
            return;
        }
        long ran = now - processor.began;
        if (running.giveWay ? now - running.asked > limits.deaf() : waits(processor.carrier) && ran > limits.tick()) {
            computed.remove(processor.carrier);
            scheduler.carriers.retake(c, processor, now);
        } else if (!running.giveWay && ran > processor.quantum) {
            scheduler.turns.ask(running, now);
        }
    }

    /** A thread package that leaves something undone, or null. */
    private Group wrong(long now) {
        for (Group group : scheduler.groups) {
            if (group.fault(now, resumed, limits.stall()) != null) {
                return group;
            }
        }
        return null;
    }

    /** Strands whose processor was taken away, and that run after all, are to queue up again. */
    private void recall(long now) {
        for (StrandTask strand : scheduler.living()) {
            if (strand.account == StrandTask.Account.RUNNING && strand.on == null) {
                scheduler.turns.ask(strand, now);
            }
        }
    }

    /** Whether a carrier has done nothing for some looks: it waits in the host, or the host has no time for it. */
    private boolean waits(Carrier carrier) {
        long now = threads.getThreadCpuTime(carrier.threadId());
        Computed before = computed.get(carrier);
        if (now < 0 || before == null || now - before.nanoseconds > WAITS) {
            computed.put(carrier, new Computed(now, 0));
            return false;
        }
        computed.put(carrier, new Computed(before.nanoseconds, before.looks + 1));
        return before.looks >= LOOKS;
    }

    /** Finds what the policy leaves undone. */
    private void judge(Core c, long now) {
        StrandTask first = scheduler.ready.first();
        if (first == null || c.policy instanceof PriorityPolicy) {
            return;
        }
        // what nobody was looked at for is no fault of the policy: the host had no time for us, or stood still
        long waited = now - Math.max(first.since, resumed);
        boolean idle = false;
        for (VirtualProcessor processor : scheduler.processors) {
            idle |= processor.refused != 0 && now - Math.max(processor.refused, resumed) > limits.idle();
        }
        if (idle && waited > limits.idle()) {
            throw scheduler.policies.wrong(c, "left " + first + " waiting beside an idle processor for "
                    + waited / 1_000_000 + " ms", null);
        }
        if (waited > limits.starve()) {
            throw scheduler.policies.wrong(c, "left " + first + " waiting for " + waited / 1_000_000 + " ms", null);
        }
    }
}
