package kernel.ext.sched.provider;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import kernel.core.strand.Schedulers;
import kernel.core.strand.Schedulers.Change;
import kernel.core.strand.SchedulingPolicy;
import kernel.core.strand.SchedulingPolicy.Reason;

/**
 * Which policies there are, and every call of the one in force: what it does wrong is found here, and answered by putting the
 * default in its place. All calls but {@link #offer}, {@link #withdraw} and {@link #names} are made with the lock.
 */
final class Policies {

    private static final System.Logger LOG = System.getLogger("kernel.sched");
    private static final int REMEMBERED = 32;

    private final Scheduler scheduler;
    private final Map<String, SchedulingPolicy> offered = new ConcurrentSkipListMap<>();
    private final Deque<Change> changes = new ArrayDeque<>();
    private String report = "";

    Policies(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    Core first(int processors) {
        SchedulingPolicy policy = new PriorityPolicy();
        policy.begin(processors);
        return new Core(Schedulers.DEFAULT, policy);
    }

    void offer(String name, SchedulingPolicy policy) {
        offered.put(name, policy);
    }

    /** A policy is there no more; if it was in force, the default is. */
    void withdraw(String name, SchedulingPolicy policy) {
        offered.remove(name, policy);
        Core c = scheduler.enter();
        try {
            if (c.policy == policy) {
                install(Schedulers.DEFAULT, new PriorityPolicy(), "the bundle of " + name + " went");
            }
        } finally {
            c.lock.unlock();
        }
    }

    List<String> names() {
        List<String> all = new ArrayList<>(List.of(Schedulers.DEFAULT));
        offered.keySet().stream().filter(name -> !name.equals(Schedulers.DEFAULT)).forEach(all::add);
        return all;
    }

    void choose(String name) {
        SchedulingPolicy policy = name.equals(Schedulers.DEFAULT) ? new PriorityPolicy() : offered.get(name);
        if (policy == null) {
            throw new IllegalArgumentException("There is no scheduling policy \"" + name + "\"; there are " + names());
        }
        Core c = scheduler.enter();
        try {
            if (c.policy != policy) {
                install(name, policy, "chosen");
            }
        } finally {
            c.lock.unlock();
        }
    }

    List<Change> changes() {
        synchronized (changes) {
            return List.copyOf(changes);
        }
    }

    String report() {
        synchronized (changes) {
            return report;
        }
    }

    // ---- changes

    /** Puts a policy in force and gives it all that is ready. If it fails at that, the default is. */
    private void install(String name, SchedulingPolicy policy, String reason) {
        Core fresh = new Core(name, policy);
        fresh.lock.lock();
        try {
            for (StrandTask strand : scheduler.living()) {
                strand.attach(null);
            }
            for (StrandTask strand : scheduler.ready.all()) {
                if (strand.account != StrandTask.Account.READY) {
                    scheduler.ready.remove(strand); // should not be; but nobody may wait because of it
                }
            }
            List<StrandTask> ready = scheduler.ready.all();
            scheduler.core = fresh;
            note(name, reason, ready.size());
            long now = scheduler.now();
            call(fresh, now, "begin", () -> policy.begin(scheduler.processors.length));
            for (StrandTask strand : ready) {
                call(fresh, now, "ready", () -> policy.ready(strand, Reason.CHANGE, now));
            }
            for (VirtualProcessor processor : scheduler.processors) {
                if (processor.idle && !ready.isEmpty()) {
                    processor.idle = false;
                    processor.carrier.call();
                }
            }
        } catch (Core.Replaced e) {
            // it failed, and the default has everything
        } finally {
            fresh.lock.unlock();
        }
    }

    private void note(String policy, String reason, int strands) {
        synchronized (changes) {
            changes.addFirst(new Change(System.currentTimeMillis() * 1_000_000, policy, reason, strands));
            while (changes.size() > REMEMBERED) {
                changes.removeLast();
            }
        }
    }

    /**
     * The policy did something wrong: the default takes its place.
     *
     * @param cause what it threw, or null
     * @return to be thrown through what was under way
     */
    Core.Replaced wrong(Core c, String what, Throwable cause) {
        tell(c, what, cause, null);
        install(Schedulers.DEFAULT, new PriorityPolicy(), c.name + " " + what);
        return new Core.Replaced();
    }

    /** The policy does not return to the one who called it. Called without the lock, which that one has. */
    void stalled(Core c, Thread caller) {
        tell(c, "did not return", null, caller);
        install(Schedulers.DEFAULT, new PriorityPolicy(), c.name + " did not return");
        Core now = scheduler.enter();
        try {
            for (VirtualProcessor processor : scheduler.processors) {
                if (processor.carrier == caller) {
                    scheduler.carriers.retake(now, processor, scheduler.now());
                }
            }
        } finally {
            now.lock.unlock();
        }
        scheduler.carriers.wakeFreed();
    }

    private void tell(Core c, String what, Throwable cause, Thread caller) {
        StackTraceElement[] stack = cause != null
                ? cause.getStackTrace()
                : caller != null ? caller.getStackTrace() : new StackTraceElement[0];
        report("scheduling policy \"" + c.name + "\" " + what + "; the default has taken its place", stack);
    }

    /** A thread package did something wrong, and was taken out. Called without the lock. */
    void complain(String what, StackTraceElement[] stack) {
        Core c = scheduler.enter();
        try {
            report(what + "; the global scheduler has its strands", stack);
        } finally {
            c.lock.unlock();
        }
    }

    private void report(String what, StackTraceElement[] stack) {
        StringBuilder text = new StringBuilder(what + "\n");
        for (int i = 0; i < Math.min(stack.length, 20); i++) {
            text.append("    at ").append(stack[i]).append('\n');
        }
        scheduler.dump().forEach(line -> text.append("  ").append(line).append('\n'));
        synchronized (changes) {
            report = text.toString();
        }
        LOG.log(System.Logger.Level.ERROR, "{0}. See `sched`", what);
    }

    // ---- calls

    /**
     * The policy threw something.
     *
     * @return to be thrown through what was under way
     */
    Core.Replaced failed(Core c, String what, Throwable cause) {
        if (cause instanceof Core.Replaced replaced) {
            return replaced;
        }
        c.returned();
        return wrong(c, "failed in " + what + ": " + cause, cause);
    }

    /** @throws Core.Replaced it failed, and the default has everything that is ready */
    void call(Core c, long now, String what, Runnable call) {
        c.calls(now);
        try {
            call.run();
        } catch (Throwable e) {
            throw failed(c, what, e);
        }
        c.returned();
    }
}
