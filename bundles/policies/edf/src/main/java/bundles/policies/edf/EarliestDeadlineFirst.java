package bundles.policies.edf;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import kernel.core.strand.AdmissionException;
import kernel.core.strand.Parameters;
import kernel.core.strand.Schedulable;
import kernel.core.strand.SchedulingPolicy;
import org.osgi.service.component.annotations.Component;

/**
 * Earliest deadline first with admission (Liu and Layland, JACM 20(1), 1973), each reservation on a processor of its own
 * choice of which 95 % may be reserved, so that deadlines of who keeps to its budget are kept. A strand that has
 * used up its budget waits for its next period among those that reserved nothing, which run in turn in the time that is
 * left (Abeni and Buttazzo's constant-bandwidth server, RTSS 1998, with background service). What one that reserved nothing ran
 * too long or too short in a turn is settled in its next one, so that these get equal parts.
 */
@Component(property = SchedulingPolicy.NAME + "=edf")
public final class EarliestDeadlineFirst implements SchedulingPolicy {

    private static final double MOST = 0.95;
    private static final int ANY = -1;

    /** A strand that has reserved. */
    private static final class Reservation {
        private Parameters parameters;
        private int processor;
        private long deadline;
        private long left;
        private boolean ready;

        double part() {
            return (double) parameters.budget() / parameters.period();
        }
    }

    /** Of a strand that reserved nothing: how long its turn may be, and by how much the next may be longer; nanoseconds. */
    private static final class Turn {
        private long given = QUANTUM;
        private long credit;
    }

    private int processors;
    private final Map<Schedulable, Reservation> reservations = new HashMap<>();
    private final Deque<Schedulable> others = new ArrayDeque<>();

    @Override
    public void begin(int count) {
        processors = count;
        others.clear();
        reservations.clear();
    }

    @Override
    public void admit(Schedulable strand, Parameters wanted) {
        Reservation old = reservations.get(strand);
        if (wanted.budget() == 0) {
            reservations.remove(strand);
            if (old != null && old.ready) {
                others.add(strand);
            }
            return;
        }
        double part = (double) wanted.budget() / wanted.period();
        List<String> free = new ArrayList<>();
        for (int p = 0; p < processors; p++) {
            double taken = 0;
            for (Map.Entry<Schedulable, Reservation> entry : reservations.entrySet()) {
                taken += entry.getKey() != strand && entry.getValue().processor == p ? entry.getValue().part() : 0;
            }
            if (taken + part <= MOST) {
                Reservation reservation = old == null ? new Reservation() : old;
                reservation.parameters = wanted;
                reservation.processor = p;
                reservations.put(strand, reservation);
                return;
            }
            free.add("%.0f %%".formatted(100 * Math.max(0, MOST - taken)));
        }
        throw new AdmissionException("%.0f %% of a processor was asked for; free for reservations are %s".formatted(
                100 * part, String.join(", ", free)));
    }

    @Override
    public void ready(Schedulable strand, Reason reason, long now) {
        Reservation reservation = reservations.get(strand);
        if (reservation == null && strand.parameters().budget() > 0) {
            reservation = readmitted(strand);
        }
        if (reservation == null) {
            if (reason != Reason.YIELDED || !(strand.attachment() instanceof Turn)) {
                strand.attach(new Turn());
            }
            others.add(strand);
            return;
        }
        reservation.ready = true;
        replenish(reservation, now);
        if (reservation.left <= 0) {
            others.add(strand);
        }
    }

    /** It reserved before this policy came into force: what does not fit any more runs as if it had not. */
    private Reservation readmitted(Schedulable strand) {
        try {
            admit(strand, strand.parameters());
        } catch (AdmissionException e) {
            return null;
        }
        return reservations.get(strand);
    }

    private static void replenish(Reservation reservation, long now) {
        if (now >= reservation.deadline) {
            reservation.deadline = now + reservation.parameters.period();
            reservation.left = reservation.parameters.budget();
        }
    }

    @Override
    public Schedulable next(int processor, long now) {
        Schedulable first = earliest(processor, now);
        if (first == null && !others.isEmpty()) {
            first = others.peek();
        } else if (first == null) {
            first = earliest(ANY, now); // rather on another processor than not at all
        }
        others.remove(first);
        Reservation chosen = reservations.get(first);
        if (chosen != null) {
            chosen.ready = false;
        }
        return first;
    }

    private Schedulable earliest(int processor, long now) {
        Schedulable first = null;
        Reservation earliest = null;
        for (Map.Entry<Schedulable, Reservation> entry : reservations.entrySet()) {
            Reservation reservation = entry.getValue();
            if (reservation.ready && (processor == ANY || reservation.processor == processor)) {
                replenish(reservation, now);
                if (reservation.left > 0 && (earliest == null || reservation.deadline < earliest.deadline)) {
                    first = entry.getKey();
                    earliest = reservation;
                }
            }
        }
        return first;
    }

    @Override
    public void stopped(Schedulable strand, long ran) {
        Reservation reservation = reservations.get(strand);
        if (reservation != null) {
            reservation.left -= ran;
        } else if (strand.attachment() instanceof Turn turn) {
            turn.credit = Math.clamp(turn.given - ran, -QUANTUM, QUANTUM);
        }
    }

    @Override
    public long quantum(Schedulable strand) {
        Reservation reservation = reservations.get(strand);
        if (reservation == null && strand.attachment() instanceof Turn turn) {
            turn.given = QUANTUM + turn.credit;
            return turn.given;
        }
        return reservation == null || reservation.left <= 0 ? QUANTUM : Math.min(QUANTUM, reservation.left);
    }

    @Override
    public boolean preempts(Schedulable ready, Schedulable running) {
        Reservation waits = reservations.get(ready);
        if (waits == null || waits.left <= 0 || running.processor() != waits.processor) {
            return false;
        }
        Reservation runs = reservations.get(running);
        return runs == null || runs.left <= 0 || waits.deadline < runs.deadline;
    }

    @Override
    public void ended(Schedulable strand) {
        reservations.remove(strand);
    }
}
