package kernel.ext.sched.provider;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import kernel.core.strand.Schedulable;
import kernel.core.strand.SchedulingPolicy;

/**
 * The default: strands of higher priority first, those of equal priority in turn. Each processor has a run queue of its own, to
 * which a strand comes back; a processor takes from another's queue what has a higher priority than all in its own, or
 * anything if its own is empty. So that low priorities get on beside high ones that never rest, a strand that has waited for a
 * second gets a turn whatever its priority, at most every 100 ms.
 */
final class PriorityPolicy implements SchedulingPolicy {

    private static final long RESCUED = 1_000_000_000L;
    private static final long RESCUES = 100_000_000L;

    /** What is ready for one processor, by priority. */
    private static final class RunQueue {
        private final TreeMap<Integer, ArrayDeque<Place>> levels = new TreeMap<>(Comparator.reverseOrder());
        private int size;
    }

    /** Where a strand waits. */
    private static final class Place {
        private final Schedulable strand;
        private RunQueue queue;
        private int priority;
        private long since;

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
        place.priority = place.strand.parameters().priority();
        ArrayDeque<Place> level = queue.levels.get(place.priority);
        if (level == null) {
            level = new ArrayDeque<>();
            queue.levels.put(place.priority, level);
        }
        level.add(place);
        queue.size++;
    }

    private static Schedulable take(Place place) {
        ArrayDeque<Place> level = place.queue.levels.get(place.priority);
        if (level.peekFirst() == place) {
            level.pollFirst();
        } else {
            level.remove(place);
        }
        if (level.isEmpty() && place.queue.levels.size() > 1) {
            place.queue.levels.remove(place.priority); // the last level stays: most systems have one
        }
        place.queue.size--;
        return place.strand;
    }

    private static Place first(RunQueue queue) {
        if (queue.size == 0) {
            return null;
        }
        for (ArrayDeque<Place> level : queue.levels.values()) {
            if (!level.isEmpty()) {
                return level.peekFirst();
            }
        }
        return null;
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
        Place best = first(queues[processor]);
        for (RunQueue queue : queues) {
            Place other = first(queue);
            if (other != null && (best == null || other.priority > best.priority)) {
                best = other;
            }
        }
        return best == null ? null : take(best);
    }

    private Place longest() {
        Place longest = null;
        for (RunQueue queue : queues) {
            for (Map.Entry<Integer, ArrayDeque<Place>> level : queue.levels.entrySet()) {
                Place first = level.getValue().peekFirst();
                if (first != null && (longest == null || first.since < longest.since)) {
                    longest = first;
                }
            }
        }
        return longest;
    }

    @Override
    public void changed(Schedulable strand) {
        if (strand.attachment() instanceof Place place && place.priority != strand.parameters().priority()) {
            RunQueue queue = place.queue;
            take(place);
            add(place, queue);
        }
    }
}
