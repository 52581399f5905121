package kernel.core.dispatcher;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import kernel.core.dispatcher.link.Family;
import kernel.core.dispatcher.link.Step;

/**
 * Makes an event's plans fast some time after they changed: generates the classes that they lacked, and a new entry when
 * another kind of plan has come to stay. Waits until changes pause, but not forever; new entries, which make HotSpot compile
 * the raisers anew, become rarer the more there have been. State belongs to the event's lock.
 */
final class Refiner {

    private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long LONGEST = TimeUnit.MILLISECONDS.toNanos(250);
    private static final long RAREST = TimeUnit.MINUTES.toNanos(5);
    /** HotSpot gives up compiling a method that was thrown away 400 times. */
    private static final int MOST_ENTRIES = 200;

    private final EventType type;
    private final Family family;
    private final Planner planner;
    private final ScheduledThreadPoolExecutor background;

    private boolean scheduled;
    private long asked;
    private long changed;
    /** The kind of plan that the entry has seen, null before the first. */
    private Class<?> entryFor;
    private int entries;
    private long renewed;
    private List<Member> members = List.of();

    Refiner(EventType type, Family family, Planner planner, ScheduledThreadPoolExecutor background) {
        this.type = type;
        this.family = family;
        this.planner = planner;
        this.background = background;
    }

    /** The plan has changed. Called with the lock. */
    void changed(List<Member> now) {
        members = now;
        changed = System.nanoTime();
        if (entryFor == null) {
            entryFor = family.plan().getClass();
        }
        if (!scheduled && (planner.wants() || entryFor != family.plan().getClass() || slowGuards(1).size() > 0)) {
            scheduled = true;
            asked = changed;
            later(PAUSE);
        }
    }

    private void later(long delay) {
        if (!background.isShutdown()) {
            background.schedule(this::refine, delay, TimeUnit.NANOSECONDS);
        }
    }

    private List<Guard> slowGuards(int most) {
        List<Guard> slow = new ArrayList<>();
        if (members.size() > Family.LONGEST_SHAPE) {
            return slow;
        }
        for (Member member : members) {
            for (Guard guard : member.guards) {
                if (guard.slow() && slow.size() < most) {
                    slow.add(guard);
                }
            }
        }
        return slow;
    }

    private void refine() {
        Map<String, List<Step>> wanted;
        List<Guard> slow;
        type.lock.lock();
        try {
            long now = System.nanoTime();
            if (now - changed < PAUSE && now - asked < LONGEST) {
                later(PAUSE - (now - changed));
                return;
            }
            wanted = planner.takeWanted();
            slow = slowGuards(Integer.MAX_VALUE);
        } finally {
            type.lock.unlock();
        }
        wanted.forEach(family::makeShape);
        slow.forEach(guard -> guard.prepare(family));
        type.lock.lock();
        try {
            scheduled = false;
            if (!wanted.isEmpty() || !slow.isEmpty()) {
                slow.forEach(Guard::quicken);
                type.remake();
            }
            renewEntry();
        } finally {
            type.lock.unlock();
        }
    }

    private void renewEntry() {
        if (entryFor == family.plan().getClass() || entries >= MOST_ENTRIES) {
            return;
        }
        long rest = Math.min(PAUSE << Math.min(entries, 20), RAREST);
        long now = System.nanoTime();
        if (entries > 0 && now - renewed < rest) {
            if (!scheduled) {
                scheduled = true;
                asked = now;
                later(rest - (now - renewed));
            }
            return;
        }
        family.renewEntry();
        entryFor = family.plan().getClass();
        entries++;
        renewed = now;
    }
}
