package bundles.policies.seeded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import kernel.core.strand.Schedulable;
import kernel.core.strand.SchedulingPolicy.Reason;
import org.junit.jupiter.api.Test;

class SeededTest {

    private static final int STRANDS = 5;

    private static Schedulable strand(int number) {
        return (Schedulable) Proxy.newProxyInstance(SeededTest.class.getClassLoader(),
                new Class<?>[]{Schedulable.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "id" -> (long) number;
                    case "hashCode" -> number;
                    case "equals" -> proxy == arguments[0];
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }

    /** What runs when, and for how long. */
    private static List<Long> run(Seeded policy) {
        policy.begin(1);
        List<Long> trace = new ArrayList<>();
        for (int i = 0; i < STRANDS; i++) {
            policy.ready(strand(i), Reason.UNBLOCKED, 0);
        }
        for (int i = 0; i < 1000; i++) {
            Schedulable next = policy.next(0, i);
            trace.add(next.id());
            trace.add(policy.quantum(next));
            policy.ready(next, Reason.YIELDED, i);
        }
        return trace;
    }

    @Test
    void theSameSeedIsTheSameRun() {
        long[] seed = {7};
        Seeded policy = new Seeded(() -> seed[0]);
        List<Long> first = run(policy);
        assertEquals(first, run(policy));
        assertEquals(first, run(new Seeded(() -> 7)));
        seed[0] = 8;
        assertNotEquals(first, run(policy));
    }

    @Test
    void everybodyRunsAndTurnsAreOfAllLengths() {
        List<Long> trace = run(new Seeded(() -> 1));
        for (long id = 0; id < STRANDS; id++) {
            assertTrue(trace.contains(id));
        }
        long shortest = Long.MAX_VALUE;
        long longest = 0;
        for (int i = 1; i < trace.size(); i += 2) {
            shortest = Math.min(shortest, trace.get(i));
            longest = Math.max(longest, trace.get(i));
        }
        assertTrue(shortest > 0 && shortest <= 32, "shortest turn " + shortest);
        assertTrue(longest > 100_000 && longest <= 1 << 20, "longest turn " + longest);
    }

    @Test
    void nothingIsReady() {
        assertNull(new Seeded(() -> 1).next(0, 0));
    }
}
