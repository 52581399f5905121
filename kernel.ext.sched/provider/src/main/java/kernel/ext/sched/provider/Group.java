package kernel.ext.sched.provider;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import kernel.core.strand.Parameters;
import kernel.core.strand.Schedulers.PackageState;
import kernel.core.strand.Strand;
import kernel.core.strand.StrandGroup;
import kernel.core.strand.ThreadPackage;
import kernel.ext.sched.provider.StrandTask.Account;

/**
 * A thread package and its strands. What happens to them is written down in a queue by whoever makes it happen, and told to the
 * package by its slots, in turns of its own: so a package never runs in anybody else's strand, and with no lock but
 * {@link #inside}, which nobody else needs. All else that is not final belongs to the core's lock.
 */
final class Group implements StrandGroup {

    /** What can happen to a strand. */
    private enum What {
        UNBLOCK,
        BLOCK,
        CHECKPOINT,
        END
    }

    private record Event(What what, StrandTask strand) {}

    private static final long CLOSING = TimeUnit.SECONDS.toNanos(5);

    final Scheduler scheduler;
    final Parameters parameters;
    private final String name;
    private final ThreadPackage threads;
    /** Whoever calls the package has it. */
    private final ReentrantLock inside = new ReentrantLock();
    private final Slot[] slots;
    private final Queue<Event> events = new ArrayDeque<>();
    private final Set<StrandTask> members = new LinkedHashSet<>();
    /** Strands that can go on and that the package has not chosen. */
    private int held;
    private long turns;
    private volatile boolean over;
    private volatile boolean closed;
    private volatile String failure = "";

    Group(Scheduler scheduler, String name, Parameters parameters, int processors, ThreadPackage threads) {
        this.scheduler = scheduler;
        this.name = name;
        this.parameters = parameters;
        this.threads = threads;
        slots = new Slot[processors];
        int made = 0;
        try {
            for (; made < processors; made++) {
                slots[made] = new Slot(this, made);
            }
        } finally {
            for (int i = 0; made < processors && i < made; i++) {
                scheduler.abandon(slots[i].strand); // one was not admitted: none is
            }
        }
        scheduler.groups.add(this);
        for (Slot slot : slots) {
            scheduler.start(slot.strand);
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String failure() {
        return failure;
    }

    @Override
    public Strand fork(String title, Runnable body) {
        if (closed) {
            throw new IllegalStateException("the thread package " + name + " is closed: it forks no " + title);
        }
        StrandTask strand = scheduler.prepare(title, Parameters.USUAL, body);
        Core c = scheduler.enter();
        try {
            if (!over) {
                strand.group = this;
                members.add(strand);
            }
        } finally {
            c.lock.unlock();
        }
        scheduler.start(strand);
        return strand;
    }

    @Override
    public List<Strand> strands() {
        Core c = scheduler.enter();
        try {
            // One that was joined has ended, though its processor may not have said so yet.
            return members.stream().filter(member -> member.thread().getState() != Thread.State.TERMINATED)
                    .map(Strand.class::cast).toList();
        } finally {
            c.lock.unlock();
        }
    }

    PackageState state() {
        Core c = scheduler.enter();
        try {
            return new PackageState(name, slots.length, members.size(), held, turns);
        } finally {
            c.lock.unlock();
        }
    }

    boolean over() {
        return over;
    }

    /** With the lock. */
    boolean hasWaiting() {
        return held > 0;
    }

    // ---- what happens to its strands

    /**
     * A strand can go on: the package has it from now on, unless it inherits a priority or the package is out. Takes the lock.
     *
     * @return whether it has it; if not, the global scheduler is to have it
     */
    boolean takes(StrandTask strand) {
        Slot freed = null;
        Slot idle = null;
        boolean mine = true;
        Core c = scheduler.enter();
        try {
            if (strand.group != this || strand.account == Account.READY) {
                return strand.account == Account.READY; // the global scheduler has it already, or is to have it
            }
            if (strand.account == Account.HELD || strand.account == Account.CHOSEN) {
                return true; // the JDK says it twice
            }
            boolean ran = strand.account == Account.RUNNING;
            mine = !strand.inherits();
            What what = mine ? ran ? What.CHECKPOINT : What.UNBLOCK : What.BLOCK;
            if (mine || !strand.borrowed) {
                post(what, strand);
            }
            strand.borrowed = !mine;
            freed = strand.slot;
            held += mine ? 1 : 0;
            idle = mine && freed == null ? idle() : null;
            scheduler.turns.end(c, strand, mine ? Account.HELD : Account.BLOCKED, scheduler.now());
        } catch (Core.Replaced e) {
            // the account is as it is to be; the new policy is told when the slot is ready
        } finally {
            c.lock.unlock();
        }
        wake(freed);
        wake(idle);
        return mine;
    }

    /** A strand has blocked, or ended. With the lock. */
    void stopped(StrandTask strand) {
        if (strand.bodyEnded) {
            members.remove(strand);
        }
        if (strand.bodyEnded || !strand.borrowed) {
            post(strand.bodyEnded ? What.END : What.BLOCK, strand);
        }
    }

    /** A strand inherits a priority, or does so no longer. With the lock. @return whether the global scheduler is to have it now */
    boolean inherits(StrandTask strand) {
        if (strand.slot != null) {
            strand.slot.strand.lend(strand);
        }
        if (!strand.inherits() || strand.account != Account.HELD && strand.account != Account.CHOSEN) {
            return false;
        }
        if (strand.account == Account.HELD) {
            held--;
        }
        unchoose(strand);
        post(What.BLOCK, strand);
        strand.borrowed = true;
        strand.account(Account.BLOCKED, scheduler.now());
        return true;
    }

    private void post(What what, StrandTask strand) {
        events.add(new Event(what, strand));
    }

    private void unchoose(StrandTask strand) {
        for (Slot slot : slots) {
            if (slot.chosen == strand) {
                slot.chosen = null;
            }
        }
    }

    private Slot idle() {
        for (Slot slot : slots) {
            if (slot.idle) {
                slot.idle = false;
                return slot;
            }
        }
        return null;
    }

    static void wake(Slot slot) {
        if (slot != null) {
            slot.wake();
        }
    }

    /** Wakes slots that may have lost whom they had chosen. Without the lock. */
    void wakeAll() {
        for (Slot slot : slots) {
            slot.wake();
        }
    }

    // ---- in the strands of its slots

    /** Asks the package who is to run. @return whether somebody is */
    boolean choose(Slot slot) {
        inside.lock();
        try {
            while (!over) {
                deliver();
                Strand answer = threads.resume();
                if (answer == null) {
                    return false;
                }
                if (accept(slot, answer)) {
                    return true;
                }
            }
        } catch (Throwable e) {
            fail("threw " + e, e.getStackTrace());
        } finally {
            inside.unlock();
        }
        return false;
    }

    private void deliver() {
        for (Event event = next(); event != null; event = next()) {
            switch (event.what()) {
                case UNBLOCK -> threads.unblock(event.strand());
                case BLOCK -> threads.block(event.strand());
                case CHECKPOINT -> threads.checkpoint(event.strand());
                case END -> threads.end(event.strand());
            }
        }
    }

    private Event next() {
        Core c = scheduler.enter();
        try {
            return over ? null : events.poll();
        } finally {
            c.lock.unlock();
        }
    }

    private boolean accept(Slot slot, Strand answer) {
        Slot other = null;
        boolean wrong = false;
        Core c = scheduler.enter();
        try {
            if (!over && answer instanceof StrandTask strand && strand.group == this
                    && strand.account == Account.HELD) {
                strand.account(Account.CHOSEN, scheduler.now());
                slot.chosen = strand;
                held--;
                turns++;
                other = held > 0 ? idle() : null;
                return true;
            }
            wrong = !over && events.isEmpty(); // otherwise it does not know yet
        } finally {
            c.lock.unlock();
            wake(other);
        }
        if (wrong) {
            fail("answered with " + answer + ", which is no strand of its own that can go on", null);
        }
        return false;
    }

    /** A slot has nobody to run. @return whether it is to park */
    boolean rests(Slot slot) {
        Core c = scheduler.enter();
        try {
            slot.since = scheduler.now();
            slot.idle = !over && events.isEmpty();
            return slot.idle;
        } finally {
            c.lock.unlock();
        }
    }

    // ---- its end

    /**
     * What the package leaves undone; null: nothing. With the lock.
     *
     * @param from since when the scheduler looks without a pause
     * @param longest nanoseconds that it may take
     */
    String fault(long now, long from, long longest) {
        long since = Math.max(from, oldest());
        if (held == 0 || over || now - since <= longest) {
            return null;
        }
        for (Slot slot : slots) {
            boolean asks = slot.strand.account == Account.RUNNING && slot.chosen == null;
            if ((slot.idle || asks) && now - slot.since > longest) {
                return asks ? "did not return" : "left a strand waiting beside a processor that it could have";
            }
        }
        return null;
    }

    private long oldest() {
        long oldest = Long.MAX_VALUE;
        for (StrandTask member : members) {
            oldest = member.account == Account.HELD ? Math.min(oldest, member.since) : oldest;
        }
        return oldest;
    }

    /** The package did something wrong: the global scheduler has its strands. Without the lock. */
    void fail(String what, StackTraceElement[] stack) {
        StackTraceElement[] where = stack == null ? where() : stack;
        if (end(what)) {
            scheduler.policies.complain("thread package \"" + name + "\" " + what, where);
        }
    }

    /** Where the one is that is inside the package. */
    private StackTraceElement[] where() {
        for (Slot slot : slots) {
            if (slot.strand.account == Account.RUNNING) {
                return slot.strand.thread().getStackTrace();
            }
        }
        return new StackTraceElement[0];
    }

    /** @return whether it was in force until now */
    private boolean end(String why) {
        List<StrandTask> ready = new ArrayList<>();
        Core c = scheduler.enter();
        try {
            if (over) {
                return false;
            }
            over = true;
            failure = why;
            scheduler.groups.remove(this);
            long now = scheduler.now();
            for (StrandTask member : members) {
                member.group = null;
                if (member.account == Account.HELD || member.account == Account.CHOSEN) {
                    unchoose(member);
                    member.account(Account.BLOCKED, now);
                    ready.add(member);
                }
            }
            held = 0;
            events.clear();
        } finally {
            c.lock.unlock();
        }
        ready.forEach(scheduler::ready);
        wakeAll();
        return true;
    }

    @Override
    public void close() {
        closed = true;
        end("");
        try {
            if (inside.tryLock(CLOSING, TimeUnit.NANOSECONDS)) {
                inside.unlock(); // nobody is inside, and nobody will enter
            } else {
                scheduler.policies.complain("thread package \"" + name + "\" was closed, and does not return", where());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
