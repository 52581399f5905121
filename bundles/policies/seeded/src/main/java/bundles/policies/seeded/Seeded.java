package bundles.policies.seeded;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.LongSupplier;
import kernel.core.machine.VirtualTime;
import kernel.core.strand.Schedulable;
import kernel.core.strand.SchedulingPolicy;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * Who runs next, and for how long, is decided by random numbers of the run's seed: so each seed is another way in which a
 * program's threads can meet, and the same seed is the same way (systematic testing by randomized scheduling: Burckhardt et al.,
 * "A Randomized Scheduler with Probabilistic Guarantees of Finding Bugs", ASPLOS 2010; here each choice is uniform). Turns are of
 * very different length, so that both what takes two instructions and what takes ten thousand is met. Priorities are ignored.
 */
@Component(property = SchedulingPolicy.NAME + "=" + Seeded.NAME)
public final class Seeded implements SchedulingPolicy {

    /** By which it is chosen. */
    static final String NAME = "seeded";

    /** The shortest turn, nanoseconds of the machine's own time, and how often it may be doubled. */
    private static final long SHORTEST = 16;
    private static final int DOUBLINGS = 16;

    private final LongSupplier seed;
    private final List<Schedulable> ready = new ArrayList<>();
    private Random random = new Random(0);

    /** @param time has the seed */
    @Activate
    public Seeded(@Reference VirtualTime time) {
        this(time::seed);
    }

    /** @param seed asked when the policy comes into force */
    Seeded(LongSupplier seed) {
        this.seed = seed;
    }

    @Override
    public void begin(int processors) {
        ready.clear();
        random = new Random(seed.getAsLong());
    }

    @Override
    public void ready(Schedulable strand, Reason reason, long now) {
        ready.add(strand);
    }

    @Override
    public Schedulable next(int processor, long now) {
        return ready.isEmpty() ? null : ready.remove(random.nextInt(ready.size()));
    }

    @Override
    public long quantum(Schedulable strand) {
        long most = SHORTEST << random.nextInt(DOUBLINGS + 1);
        return most / 2 + random.nextLong(most / 2) + 1;
    }

    @Override
    public boolean preempts(Schedulable newcomer, Schedulable running) {
        return random.nextInt(8) == 0;
    }
}
