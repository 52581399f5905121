package kernel.ext.sched.provider;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import kernel.ext.sched.provider.PriorityLock.Waiter;

/**
 * Who waits for which lock, for all locks together: one monitor, taken only where somebody has to wait or waits. Never held
 * while waiting.
 */
final class LockTable {

    private final Map<Thread, Waiter> waiting = new HashMap<>();
    private final Map<Thread, List<PriorityLock>> contended = new HashMap<>();

    /** Called with the monitor, as are the next two. */
    void waits(Waiter waiter) {
        waiting.put(waiter.thread, waiter);
        raise(waiter.lock);
    }

    void waitsNoMore(Waiter waiter) {
        waiting.remove(waiter.thread);
    }

    /** A strand has other parameters than before: whoever it waits for may inherit another priority. */
    synchronized void changed(StrandTask strand) {
        Waiter waiter = waiting.get(strand.thread());
        if (waiter != null) {
            raise(waiter.lock);
        }
    }

    /** A lock for which somebody waits has another holder, or other waiters. @param before who held it, or null */
    void passed(PriorityLock lock, Thread before) {
        if (before != null) {
            List<PriorityLock> held = contended.get(before);
            if (held != null && held.remove(lock)) {
                if (held.isEmpty()) {
                    contended.remove(before);
                }
                inherit(before);
                Waiter waits = waiting.get(before);
                if (waits != null) {
                    raise(waits.lock); // whom it waits for inherits less, and so on
                }
            }
        }
        raise(lock);
    }

    /** The holder of a lock gets the priorities of those that wait, and so on. */
    private void raise(PriorityLock lock) {
        Set<PriorityLock> seen = new HashSet<>();
        PriorityLock next = lock;
        while (next != null && seen.add(next)) {
            Thread holder = next.owner();
            if (holder == null || next.waiters().isEmpty()) {
                return;
            }
            List<PriorityLock> held = contended.computeIfAbsent(holder, t -> new ArrayList<>());
            if (!held.contains(next)) {
                held.add(next);
            }
            inherit(holder);
            Waiter waiter = waiting.get(holder);
            next = waiter == null ? null : waiter.lock;
        }
    }

    private void inherit(Thread holder) {
        int priority = Integer.MIN_VALUE;
        StrandTask strand = null;
        for (PriorityLock lock : contended.getOrDefault(holder, List.of())) {
            strand = lock.strandOf(holder);
            for (Waiter waiter : lock.waiters()) {
                priority = Math.max(priority, waiter.priority());
            }
        }
        if (strand == null) {
            strand = strands.get(holder);
        }
        if (strand != null) {
            strand.inherit(priority);
            if (priority == Integer.MIN_VALUE) {
                strands.remove(holder);
            } else {
                strands.put(holder, strand);
            }
        }
    }

    /** Strands that inherit. */
    private final Map<Thread, StrandTask> strands = new HashMap<>();

    /** Cycles, a line each. */
    synchronized List<String> deadlocks() {
        Set<String> found = new HashSet<>();
        for (Waiter start : waiting.values()) {
            List<Waiter> path = new ArrayList<>();
            Waiter next = start;
            while (next != null && !path.contains(next)) {
                path.add(next);
                Thread holder = next.lock.owner();
                next = holder == null ? null : waiting.get(holder);
            }
            if (next == start) {
                path.add(start);
                int least = 0;
                List<Waiter> cycle = path.subList(0, path.size() - 1);
                for (int i = 1; i < cycle.size(); i++) {
                    least = cycle.get(i).thread.threadId() < cycle.get(least).thread.threadId() ? i : least;
                }
                StringBuilder line = new StringBuilder();
                for (int i = 0; i < cycle.size(); i++) {
                    Waiter waiter = cycle.get((least + i) % cycle.size());
                    line.append(waiter.thread.getName()).append(" waits for ").append(waiter.lock.name())
                            .append(", held by ");
                }
                found.add(line.append(cycle.get(least).thread.getName()).toString());
            }
        }
        return found.stream().sorted(Comparator.naturalOrder()).toList();
    }
}
