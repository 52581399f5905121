package kernel.ext.sched.provider;

import java.util.ArrayDeque;
import java.util.ArrayList;
import kernel.core.strand.Parameters;
import kernel.core.strand.Schedulable;
import kernel.core.strand.SchedulingPolicy;

/**
 * The default: strands of higher priority first, those of equal priority in turn. Each processor has a run queue of its own, to
 * which a strand comes back; a processor takes from another's queue what has a higher priority than all in its own, or
 * anything if its own is empty, and of equals who has waited longer, because otherwise a strand that has a processor to itself
 * would get as much as all together that share the other one. Turns are made equal in time, not only in number (deficit round
 * robin: Shreedhar and Varghese, SIGCOMM 1995), from a fifth of
 * the usual time to twice that as shares say: what a strand ran too long or too short in a turn is settled in its next one, unless
 * it waits for something meanwhile. So that low priorities get on beside high ones that never rest, a strand that has waited for a
 * second gets a turn whatever its priority, at most every 100 ms.
 */
final class PriorityPolicy implements SchedulingPolicy {

    private static final long RESCUED = 1_000_000_000L;
    private static final long RESCUES = 100_000_000L;
    /** A strand that has just become ready stays where it ran unless another has waited for so much longer: caches are warm there. */
    private static final long STAYS = 1_000_000L;

    /** Strands of one priority, in the order of their turns. */
    private static final class Level {
        private final int priority;
        private final ArrayDeque<Place> places = new ArrayDeque<>();

        Level(int priority) {
            this.priority = priority;
        }
    }

    /** What is ready for one processor: levels from the highest down. Few systems have more than a handful. */
    private static final class RunQueue {
        private final ArrayList<Level> levels = new ArrayList<>();
        private int size;

        Level level(int priority) {
            int at = 0;
            while (at < levels.size() && levels.get(at).priority > priority) {
                at++;
            }
            if (at == levels.size() || levels.get(at).priority != priority) {
                levels.add(at, new Level(priority));
            }
            return levels.get(at);
        }

        Place first() {
            for (int i = 0; size > 0 && i < levels.size(); i++) {
                Place first = levels.get(i).places.peekFirst();
                if (first != null) {
                    return first;
                }
            }
            return null;
        }
    }

    /** Where a strand waits. */
    private static final class Place {
        private final Schedulable strand;
        private RunQueue queue;
        private Level level;
        private long since;
        /** It comes from a turn that another is to have now, so it has no right to stay. */
        private boolean turned;
        /** Nanoseconds that its turn may take, and by how much the next may be longer; negative: is to be shorter. */
        private long given;
        private long credit;

        Place(Schedulable strand) {
            this.strand = strand;
        }
    }

    private RunQueue[] queues = {};
    private long rescued;

    @Override
    public void begin(int processors) {
        queues = new RunQueue[processors];
        for (int i = 0; i < processors; i++) {
            queues[i] = new RunQueue();
        }
    }

    @Override
    public void ready(Schedulable strand, Reason reason, long now) {
        Place place = strand.attachment() instanceof Place known ? known : new Place(strand);
        strand.attach(place);
        place.since = now;
        place.turned = reason == Reason.YIELDED;
        if (!place.turned) {
            place.credit = 0;
        }
        int last = strand.lastProcessor();
        add(place, last >= 0 && last < queues.length ? queues[last] : shortest());
    }

    private RunQueue shortest() {
        RunQueue best = queues[0];
        for (RunQueue queue : queues) {
            if (queue.size < best.size) {
                best = queue;
            }
        }
        return best;
    }

    private static void add(Place place, RunQueue queue) {
        place.queue = queue;
        place.level = queue.level(place.strand.parameters().priority());
        place.level.places.add(place);
        queue.size++;
    }

    private static Schedulable take(Place place) {
        Level level = place.level;
        if (level.places.peekFirst() == place) {
            level.places.pollFirst();
        } else {
            level.places.remove(place);
        }
        if (level.places.isEmpty() && place.queue.levels.size() > 4) {
            place.queue.levels.remove(level); // some stay: they are used again soon
        }
        place.queue.size--;
        return place.strand;
    }

    @Override
    public Schedulable next(int processor, long now) {
        if (now - rescued > RESCUES) {
            rescued = now;
            Place longest = longest();
            if (longest != null && now - longest.since > RESCUED) {
                return take(longest);
            }
        }
        Place best = queues[processor].first();
        for (RunQueue queue : queues) {
            Place other = queue == queues[processor] ? null : queue.first();
            if (other != null && (best == null || goesBefore(other, best))) {
                best = other;
            }
        }
        return best == null ? null : take(best);
    }

    /** Whether a place in another processor's queue goes before the best one so far. */
    private static boolean goesBefore(Place other, Place best) {
        if (other.level.priority != best.level.priority) {
            return other.level.priority > best.level.priority;
        }
        return best.since - other.since > (best.turned ? 0 : STAYS);
    }

    @Override
    public long quantum(Schedulable strand) {
        if (!(strand.attachment() instanceof Place place)) {
            return QUANTUM;
        }
        place.given = Math.max(QUANTUM / 10, turn(strand.parameters().shares()) + place.credit);
        return place.given;
    }

    /** A turn is as long as shares say, but neither too short to pay nor so long that others stand still. */
    private static long turn(int shares) {
        return Math.clamp(QUANTUM * shares / Parameters.USUAL.shares(), QUANTUM / 5, 2 * QUANTUM);
    }

    @Override
    public void stopped(Schedulable strand, long ran) {
        if (strand.attachment() instanceof Place place) {
            place.credit = Math.clamp(place.given - ran, -QUANTUM, QUANTUM);
        }
    }

    private Place longest() {
        Place longest = null;
        for (RunQueue queue : queues) {
            for (Level level : queue.levels) {
                Place first = level.places.peekFirst();
                if (first != null && (longest == null || first.since < longest.since)) {
                    longest = first;
                }
            }
        }
        return longest;
    }

    @Override
    public void changed(Schedulable strand) {
        if (strand.attachment() instanceof Place place && place.level.priority != strand.parameters().priority()) {
            RunQueue queue = place.queue;
            take(place);
            add(place, queue);
        }
    }
}
