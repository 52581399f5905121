package kernel.ext.sched.provider;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import kernel.core.strand.Parameters;
import kernel.core.strand.Schedulable;
import kernel.core.strand.SchedulingPolicy.Reason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Runs the default policy on processors that are simulated. */
class PriorityPolicyTest {

    private static final long MILLION = 1_000_000;
    private static final long TICK = MILLION;

    private final PriorityPolicy policy = new PriorityPolicy();
    private final List<Simulated> strands = new ArrayList<>();

    /** What is known of a strand that computes all the time. */
    private static final class Simulated {
        private final Schedulable strand;
        private final long late;
        private Object attachment;
        private int last = -1;
        private long ran;

        /** @param late nanoseconds after which it gives way when it is asked to */
        Simulated(String name, Parameters parameters, long late) {
            this.late = late;
            strand = (Schedulable) Proxy.newProxyInstance(Schedulable.class.getClassLoader(),
                    new Class<?>[]{Schedulable.class},
                    (self, method, arguments) -> switch (method.getName()) {
                        case "name", "toString" -> name;
                        case "parameters" -> parameters;
                        case "attachment" -> attachment;
                        case "attach" -> {
                            attachment = arguments[0];
                            yield null;
                        }
                        case "lastProcessor" -> last;
                        case "hashCode" -> System.identityHashCode(self);
                        case "equals" -> self == arguments[0];
                        default -> throw new UnsupportedOperationException(method.toString());
                    });
        }
    }

    private Simulated add(int priority, long late) {
        return add(Parameters.USUAL.withPriority(priority), late);
    }

    private Simulated add(Parameters parameters, long late) {
        Simulated strand = new Simulated("s" + strands.size(), parameters, late);
        strands.add(strand);
        policy.ready(strand.strand, Reason.UNBLOCKED, 0);
        return strand;
    }

    private Simulated of(Schedulable chosen) {
        return strands.stream().filter(one -> one.strand == chosen).findFirst().orElseThrow();
    }

    /** All that is ready computes for so long, and the watch looks once a tick. */
    private void run(int processors, long nanos) {
        Simulated[] running = new Simulated[processors];
        long[] began = new long[processors];
        long[] ends = new long[processors];
        Random random = new Random(1);
        Arrays.fill(ends, 0);
        for (long now = 0; now < nanos;) {
            int p = 0;
            for (int i = 1; i < processors; i++) {
                p = ends[i] < ends[p] ? i : p;
            }
            now = ends[p];
            Simulated stops = running[p];
            if (stops != null) {
                stops.ran += now - began[p];
                policy.stopped(stops.strand, now - began[p]);
                policy.ready(stops.strand, Reason.YIELDED, now);
            }
            Simulated next = of(policy.next(p, now));
            next.last = p;
            running[p] = next;
            began[p] = now;
            long asked = now + policy.quantum(next.strand);
            long seen = (asked / TICK + 1) * TICK + random.nextInt(100_000);
            ends[p] = seen + next.late;
        }
    }

    private double worst() {
        double all = strands.stream().mapToLong(one -> one.ran).sum();
        return strands.stream().mapToDouble(one -> Math.abs(one.ran / all * strands.size() - 1)).max().orElseThrow();
    }

    @ParameterizedTest
    @CsvSource({"4,2", "3,2", "5,2", "4,1", "9,4"})
    void equalsGetTheSameHoweverManyProcessorsThereAre(int count, int processors) {
        policy.begin(processors);
        for (int i = 0; i < count; i++) {
            add(1000, 0);
        }
        run(processors, 10_000 * MILLION);
        assertTrue(worst() < 0.02, () -> "one gets " + worst() + " more or less than its share");
    }

    @ParameterizedTest
    @CsvSource({"100,50,2.0", "100,33,3.0", "200,100,2.0", "100,1,5.0", "10000,100,2.0", "10000,1,10.0"})
    void equalsOfDifferentSharesGetDifferentTurns(int more, int less, double ratio) {
        policy.begin(1);
        Simulated one = add(Parameters.USUAL.withShares(more), 0);
        Simulated other = add(Parameters.USUAL.withShares(less), 0);
        run(1, 10_000 * MILLION);
        assertEquals(ratio, (double) one.ran / other.ran, 0.05 * ratio);
    }

    @Test
    void whoIsLowGetsARescueEvenWithFewShares() {
        policy.begin(1);
        add(1000, 0);
        Simulated low = add(Parameters.USUAL.withPriority(10).withShares(1), 0);
        run(1, 10_000 * MILLION);
        assertTrue(low.ran >= 9 * MILLION, () -> "it ran " + low.ran + " ns in ten seconds");
    }

    @Test
    void whoGivesWayLateGetsNoMore() {
        policy.begin(2);
        for (int i = 0; i < 4; i++) {
            add(1000, i * TICK);
        }
        run(2, 10_000 * MILLION);
        assertTrue(worst() < 0.02, () -> "one gets " + worst() + " more or less than its share");
    }

    @Test
    void whoWaitedBeginsAnew() {
        policy.begin(1);
        Simulated one = add(1000, 0);
        assertSame(one.strand, policy.next(0, 0));
        assertEquals(5 * MILLION, policy.quantum(one.strand));
        policy.stopped(one.strand, 9 * MILLION);
        policy.ready(one.strand, Reason.YIELDED, 9 * MILLION);
        policy.next(0, 9 * MILLION);
        assertEquals(MILLION, policy.quantum(one.strand), "it ran 4 ms too long");
        policy.stopped(one.strand, MILLION / 2);
        policy.ready(one.strand, Reason.UNBLOCKED, 20 * MILLION);
        policy.next(0, 20 * MILLION);
        assertEquals(5 * MILLION, policy.quantum(one.strand));
    }

    @Test
    void whoHasJustBecomeReadyStaysWhereItRan() {
        policy.begin(2);
        Simulated one = add(1000, 0);
        Simulated other = add(1000, 0);
        policy.next(0, 0);
        policy.next(0, 0);
        one.last = 0;
        other.last = 1;
        policy.ready(other.strand, Reason.UNBLOCKED, 10 * MILLION);
        policy.ready(one.strand, Reason.UNBLOCKED, 10 * MILLION + 500_000);
        assertSame(one.strand, policy.next(0, 11 * MILLION), "half a millisecond is no reason to leave warm caches");
        policy.ready(one.strand, Reason.UNBLOCKED, 12 * MILLION);
        assertSame(other.strand, policy.next(0, 12 * MILLION));
    }

    @Test
    void higherPrioritiesGoFirst() {
        policy.begin(2);
        Simulated low = add(10, 0);
        Simulated high = add(20, 0);
        low.last = 0;
        high.last = 1;
        assertSame(high.strand, policy.next(0, 0));
        assertSame(low.strand, policy.next(1, 0));
    }
}
