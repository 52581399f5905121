package kernel.ext.sched.provider;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import kernel.core.strand.Schedulable;
import kernel.core.strand.SchedulingPolicy;
import kernel.core.strand.Strand;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the scheduler knows of the time when nobody has looked at the clock for long. */
@Timeout(60)
class WatchTest {

    private static final long HOUR = 3_600_000_000_000L;

    /** Goes on as the host's does, from a time at which a host has been up for long, and leaps when told to. */
    private final AtomicLong leaps = new AtomicLong(1000 * HOUR - System.nanoTime());
    private final Scheduler scheduler = new Scheduler(1, this::clock, Limits.USUAL);
    private final StrandService strands = new StrandService(scheduler);
    private final List<Long> times = new CopyOnWriteArrayList<>();

    private long clock() {
        return System.nanoTime() + leaps.get();
    }

    @AfterEach
    void close() {
        strands.close();
    }

    private final class Recording extends PoliciesTest.Fifo {
        @Override
        public void ready(Schedulable strand, Reason reason, long now) {
            times.add(now);
            super.ready(strand, reason, now);
        }
    }

    /** Neither in a scheduler that has just begun, nor in one that nothing ran in for an hour, is a strand ready since long ago. */
    @Test
    void aStrandIsReadyFromNowOn() throws InterruptedException {
        long began = clock() - HOUR / 60;
        strands.addPolicy(new Recording(), Map.of(SchedulingPolicy.NAME, "recording"));
        strands.choose("recording");
        strands.fork("first", () -> {}).join(0);
        while (!scheduler.watch.hasRested()) {
            Thread.sleep(1);
        }
        long later = leaps.addAndGet(HOUR) + System.nanoTime();
        strands.fork("second", () -> {}).join(0);
        assertEquals(2, times.size());
        assertTrue(times.getFirst() >= began, () -> "ready at " + times.getFirst() + ", began at " + began);
        assertTrue(times.getLast() >= later, () -> "ready at " + times.getLast() + ", forked at " + later);
    }

    /** The whole host stands still, a laptop that is closed: that is not the policy's fault. */
    @Test
    void aPolicyIsNotBlamedForTheHost() throws InterruptedException {
        strands.addPolicy(new PoliciesTest.Fifo(), Map.of(SchedulingPolicy.NAME, "fifo"));
        strands.choose("fifo");
        AtomicLong passes = new AtomicLong();
        Runnable body = () -> {
            for (int i = 0; i < 200; i++) {
                passes.incrementAndGet();
                Thread.yield();
                if (i % 20 == 0) {
                    leaps.addAndGet(HOUR);
                }
            }
        };
        // forked by a strand: while the clock leaps nobody else is inside the policy
        List<Strand> all = new CopyOnWriteArrayList<>();
        strands.fork("first", () -> List.of("a", "b", "c").forEach(name -> all.add(strands.fork(name, body)))).join(0);
        for (Strand strand : all) {
            strand.join(0);
        }
        assertEquals(600, passes.get());
        assertEquals("", strands.report());
        assertEquals("fifo", strands.inForce());
    }
}
