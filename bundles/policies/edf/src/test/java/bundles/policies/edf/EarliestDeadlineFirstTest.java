package bundles.policies.edf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import kernel.core.strand.AdmissionException;
import kernel.core.strand.Parameters;
import kernel.core.strand.Schedulable;
import kernel.core.strand.SchedulingPolicy.Reason;
import org.junit.jupiter.api.Test;

/** Runs the policy on a processor that is simulated, in milliseconds. */
class EarliestDeadlineFirstTest {

    private static final long MS = 1_000_000;

    private final EarliestDeadlineFirst policy = new EarliestDeadlineFirst();

    private static Schedulable strand(String name, long budget, long period) {
        return Simulated.strand(name, Parameters.USUAL.withBudget(budget * MS, period * MS));
    }

    @Test
    void whatWouldNotFitIsRefused() {
        policy.begin(2);
        for (int i = 0; i < 4; i++) {
            Schedulable strand = strand("s" + i, 4, 10);
            policy.admit(strand, strand.parameters());
        }
        Schedulable much = strand("much", 2, 10);
        AdmissionException refused = assertThrows(AdmissionException.class,
                () -> policy.admit(much, much.parameters()));
        assertTrue(refused.getMessage().contains("15 %, 15 %"), refused.getMessage());
        Schedulable little = strand("little", 1, 10);
        policy.admit(little, little.parameters());
        policy.ended(little);
        policy.admit(little, little.parameters());
    }

    @Test
    void noProcessorIsIdleBesideOneThatWaits() {
        policy.begin(2);
        Schedulable one = strand("one", 5, 10);
        Schedulable two = strand("two", 3, 10); // has its reservation on the same processor
        policy.admit(one, one.parameters());
        policy.admit(two, two.parameters());
        policy.ready(one, Reason.UNBLOCKED, 0);
        policy.ready(two, Reason.UNBLOCKED, 0);
        Schedulable first = policy.next(1, 0);
        Schedulable second = policy.next(0, 0);
        assertEquals(java.util.Set.of(one, two), java.util.Set.of(first, second));
        assertEquals(null, policy.next(1, 0));
    }

    /** Three that reserve 85 % together and one that would take all: in each period each gets what it reserved. */
    @Test
    void deadlinesAreKeptBesideWhoTakesAll() {
        policy.begin(1);
        Map<Schedulable, Long> got = new LinkedHashMap<>();
        Map<Schedulable, Long> next = new HashMap<>();
        Schedulable[] periodic = {strand("a", 2, 8), strand("b", 3, 10), strand("c", 9, 30)};
        for (Schedulable strand : periodic) {
            policy.admit(strand, strand.parameters());
        }
        Schedulable greedy = Simulated.strand("greedy", Parameters.USUAL);
        policy.ready(greedy, Reason.UNBLOCKED, 0);
        long now = 0;
        long greed = 0;
        while (now < 1200 * MS) {
            for (Schedulable strand : periodic) {
                if (now >= next.getOrDefault(strand, 0L)) {
                    long wanted = strand.parameters().budget();
                    assertEquals(next.containsKey(strand) ? wanted : 0, got.getOrDefault(strand, 0L),
                            strand + " in the period that ended at " + now / MS + " ms");
                    got.put(strand, 0L);
                    next.put(strand, now + strand.parameters().period());
                    policy.ready(strand, Reason.UNBLOCKED, now);
                }
            }
            Schedulable runs = policy.next(0, now);
            now += MS;
            policy.stopped(runs, MS);
            if (runs == greedy) {
                greed += MS;
                policy.ready(greedy, Reason.YIELDED, now);
            } else if (got.merge(runs, MS, Long::sum) < runs.parameters().budget()) {
                policy.ready(runs, Reason.YIELDED, now);
            }
        }
        assertTrue(greed > 150 * MS, "the rest goes to who reserved nothing: " + greed / MS + " ms");
    }

    /** One gives way as soon as it is asked, the other 3 ms later. */
    @Test
    void whoReservedNothingGetsEqualParts() {
        policy.begin(1);
        Schedulable prompt = Simulated.strand("prompt", Parameters.USUAL);
        Schedulable late = Simulated.strand("late", Parameters.USUAL);
        policy.ready(prompt, Reason.UNBLOCKED, 0);
        policy.ready(late, Reason.UNBLOCKED, 0);
        Map<Schedulable, Long> got = new HashMap<>();
        for (long now = 0; now < 10_000 * MS;) {
            Schedulable runs = policy.next(0, now);
            long ran = policy.quantum(runs) + (runs == late ? 3 * MS : 0);
            now += ran;
            got.merge(runs, ran, Long::sum);
            policy.stopped(runs, ran);
            policy.ready(runs, Reason.YIELDED, now);
        }
        assertEquals(1, (double) got.get(prompt) / got.get(late), 0.01);
    }
}
