package kernel.core.dispatcher;

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
    /** HotSpot gives up compiling a method that was thrown away 400 times; a new entry throws raisers away twice. */
    private static final int MOST_ENTRIES = 100;
    private static final long TRAINING = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long LONGEST_TRAINING = TimeUnit.SECONDS.toNanos(2);

    private final EventType type;
    private final Family family;
    private final Planner planner;
    private final ScheduledThreadPoolExecutor background;

    private boolean scheduled;
    private boolean forgetting;
    private long asked;
    private long changed;
    /** The kind of plan that the entry has seen, null before the first. */
    private Class<?> entryFor;
    private long changes;
    private int entries;
    private long renewed;
    private boolean watching;

    Refiner(EventType type, Family family, Planner planner, ScheduledThreadPoolExecutor background) {
        this.type = type;
        this.family = family;
        this.planner = planner;
        this.background = background;
    }

    /** The plan has changed. Called with the lock. */
    void changed() {
        changed = System.nanoTime();
        if (changes++ < 2) { // before the first binding nobody raises
            entryFor = family.plan().getClass();
        }
        if (!forgetting && !background.isShutdown() && family.shapeCount() > planner.inUse().size()) {
            forgetting = true;
            background.schedule(this::forget, 5, TimeUnit.SECONDS);
        }
        if (!scheduled && (planner.wants() || entryFor != family.plan().getClass())) {
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

    private void refine() {
        Map<String, List<Step>> wanted;
        type.lock.lock();
        try {
            long now = System.nanoTime();
            if (now - changed < PAUSE && now - asked < LONGEST) {
                later(PAUSE - (now - changed));
                return;
            }
            wanted = planner.takeWanted();
        } finally {
            type.lock.unlock();
        }
        wanted.forEach(family::makeShape);
        type.lock.lock();
        try {
            scheduled = false;
            if (!wanted.isEmpty()) {
                type.republish();
            }
            renewEntry();
        } finally {
            type.lock.unlock();
        }
    }

    private void forget() {
        type.lock.lock();
        try {
            forgetting = family.forgetShapes(planner.inUse());
            if (forgetting && !background.isShutdown()) {
                background.schedule(this::forget, 5, TimeUnit.SECONDS);
            }
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
        watchTraining(TRAINING);
        entryFor = family.plan().getClass();
        entries++;
        renewed = now;
    }

    /** Looks after a while whether the new entry has been trained; events that are raised seldom are looked at seldom. */
    private void watchTraining(long delay) {
        if (watching || background.isShutdown()) {
            return;
        }
        watching = true;
        background.schedule(() -> {
            type.lock.lock();
            try {
                watching = false;
                if (!family.entryTrained()) {
                    watchTraining(Math.min(2 * delay, LONGEST_TRAINING));
                }
            } finally {
                type.lock.unlock();
            }
        }, delay, TimeUnit.NANOSECONDS);
    }
}
