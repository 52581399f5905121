package bundles.policies.stride;

import java.util.Comparator;
import java.util.PriorityQueue;
import kernel.core.strand.Schedulable;
import kernel.core.strand.SchedulingPolicy;
import org.osgi.service.component.annotations.Component;

/**
 * Proportional share (Waldspurger and Weihl, "Stride Scheduling", MIT/LCS/TM-528, 1995): each strand has a pass, which advances
 * by the time that it runs divided by its shares; the strand with the least pass runs next. So over time each gets processors in
 * proportion to its {@link kernel.core.strand.Parameters#shares() shares}. A strand that has waited begins where the others
 * are, so that nobody saves up while he sleeps. Priorities are ignored.
 */
@Component(property = SchedulingPolicy.NAME + "=stride")
public final class Stride implements SchedulingPolicy {

    /** Short, so that shares come out right soon. */
    private static final long TURN = 2_000_000;
    /**
     * No turn counts for more, nanoseconds. One that lasts longer did so because the host ran something else: who does not give way
     * loses its processor before. If all of that counted, a strand that the host has stopped would stand still again until the others
     * have had as much.
     */
    private static final long LONGEST = 4 * TURN;
    /** A share of one advances by this for each nanosecond: divisible by most numbers of shares. */
    private static final long UNIT = 2520;

    /** A strand's account. */
    private static final class Account {
        private final Schedulable strand;
        private long pass;
        private long arrived;

        Account(Schedulable strand) {
            this.strand = strand;
        }
    }

    private final PriorityQueue<Account> queue = new PriorityQueue<>(
            Comparator.comparingLong((Account a) -> a.pass).thenComparingLong(a -> a.arrived));
    /** The pass of the strand that was chosen last: where the system is. */
    private long present;
    private long arrivals;

    @Override
    public void begin(int processors) {
        queue.clear();
        present = 0;
    }

    @Override
    public void ready(Schedulable strand, Reason reason, long now) {
        Account account = strand.attachment() instanceof Account known ? known : new Account(strand);
        strand.attach(account);
        if (reason != Reason.YIELDED) {
            account.pass = Math.max(account.pass, present);
        }
        account.arrived = arrivals++;
        queue.add(account);
    }

    @Override
    public Schedulable next(int processor, long now) {
        Account least = queue.poll();
        if (least == null) {
            return null;
        }
        present = Math.max(present, least.pass);
        return least.strand;
    }

    @Override
    public void stopped(Schedulable strand, long ran) {
        if (strand.attachment() instanceof Account account) {
            account.pass += Math.min(ran, LONGEST) * UNIT / strand.parameters().shares();
        }
    }

    @Override
    public long quantum(Schedulable strand) {
        return TURN;
    }

    /** Who has waited takes its turn soon anyway. */
    @Override
    public boolean preempts(Schedulable ready, Schedulable running) {
        return false;
    }
}
