package bundles.policies.stride;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import kernel.core.strand.Parameters;
import kernel.core.strand.Schedulable;
import kernel.core.strand.SchedulingPolicy.Reason;
import org.junit.jupiter.api.Test;

/** Runs the policy on a processor that is simulated. */
class StrideTest {

    private final Stride policy = new Stride();
    private final Map<Schedulable, Long> ran = new LinkedHashMap<>();

    private Schedulable strand(String name, int shares) {
        return Simulated.strand(name, Parameters.USUAL.withShares(shares));
    }

    private void run(int turns) {
        long now = 0;
        for (int i = 0; i < turns; i++) {
            Schedulable strand = policy.next(0, now);
            long time = policy.quantum(strand);
            now += time;
            ran.merge(strand, time, Long::sum);
            policy.stopped(strand, time);
            policy.ready(strand, Reason.YIELDED, now);
        }
    }

    @Test
    void processorsAreSharedInProportion() {
        policy.begin(1);
        Map<Schedulable, Integer> shares = new HashMap<>();
        for (int part : new int[]{100, 200, 300, 400}) {
            Schedulable strand = strand("s" + part, part);
            shares.put(strand, part);
            policy.ready(strand, Reason.UNBLOCKED, 0);
        }
        run(10_000);
        long all = ran.values().stream().mapToLong(Long::longValue).sum();
        shares.forEach((strand, part) -> assertEquals(part / 1000.0, (double) ran.get(strand) / all, 0.001));
    }

    /** Strands of all shares wait and go on at random, on 1 to 4 processors. */
    @Test
    void aProcessorIsIdleOnlyWhileNothingIsReady() {
        Random random = new Random(1);
        for (int processors = 1; processors <= 4; processors++) {
            policy.begin(processors);
            Schedulable[] running = new Schedulable[processors];
            List<Schedulable> blocked = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                blocked.add(strand("s" + i, 1 << (2 * i)));
            }
            int ready = 0;
            for (long now = 0; now < 20_000_000_000L; now += random.nextInt(3_000_000)) {
                if (!blocked.isEmpty() && random.nextBoolean()) {
                    policy.ready(blocked.remove(random.nextInt(blocked.size())), Reason.UNBLOCKED, now);
                    ready++;
                }
                int p = random.nextInt(processors);
                if (running[p] != null) {
                    policy.stopped(running[p], random.nextInt(5_000_000));
                    if (random.nextInt(4) == 0) {
                        blocked.add(running[p]);
                    } else {
                        policy.ready(running[p], Reason.YIELDED, now);
                        ready++;
                    }
                }
                running[p] = policy.next(p, now);
                assertEquals(ready == 0, running[p] == null, ready + " are ready on " + processors + " processors");
                ready -= running[p] == null ? 0 : 1;
            }
        }
    }

    /** In the turn of one the host runs something else for 200 ms. */
    @Test
    void whomTheHostHasStoppedIsNotStoppedOnceMore() {
        policy.begin(1);
        Schedulable[] all = {strand("a", 100), strand("b", 100), strand("c", 100)};
        for (Schedulable one : all) {
            policy.ready(one, Reason.UNBLOCKED, 0);
        }
        run(30);
        Schedulable stopped = policy.next(0, 0);
        policy.stopped(stopped, 200_000_000);
        policy.ready(stopped, Reason.YIELDED, 0);
        ran.clear();
        run(12);
        assertTrue(ran.containsKey(stopped), "it had no turn among the next twelve");
    }

    @Test
    void nobodySavesUpWhileHeSleeps() {
        policy.begin(1);
        Schedulable busy = strand("busy", 100);
        Schedulable sleeper = strand("sleeper", 100);
        policy.ready(busy, Reason.UNBLOCKED, 0);
        run(1000);
        ran.clear();
        policy.ready(sleeper, Reason.UNBLOCKED, 0);
        run(100);
        assertEquals((double) ran.get(busy), ran.get(sleeper), policy.quantum(busy) * 2.0);
    }
}
