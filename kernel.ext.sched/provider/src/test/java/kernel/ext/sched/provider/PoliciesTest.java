package kernel.ext.sched.provider;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import kernel.core.strand.AdmissionException;
import kernel.core.strand.Parameters;
import kernel.core.strand.Schedulable;
import kernel.core.strand.Schedulers;
import kernel.core.strand.SchedulingPolicy;
import kernel.core.strand.Strand;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Policies that come and go, good and bad. */
@Timeout(60)
class PoliciesTest {

    private static final long MILLISECOND = 1_000_000;
    private static final Limits SHORT = new Limits(MILLISECOND, 5 * MILLISECOND, 100 * MILLISECOND, 100 * MILLISECOND,
            300 * MILLISECOND);

    private StrandService strands = new StrandService(new Scheduler(1, System::nanoTime, SHORT));

    @AfterEach
    void close() {
        strands.close();
    }

    /** For tests of order: nobody loses a processor because the host was busy meanwhile. */
    private void takeTime() {
        strands.close();
        strands = new StrandService(new Scheduler(1, System::nanoTime, new Limits(10_000 * MILLISECOND,
                60_000 * MILLISECOND, 60_000 * MILLISECOND, 60_000 * MILLISECOND, 60_000 * MILLISECOND)));
    }

    private void offer(String name, SchedulingPolicy policy) {
        strands.addPolicy(policy, Map.of(SchedulingPolicy.NAME, name));
    }

    /** First come, first served. */
    static class Fifo implements SchedulingPolicy {
        final Deque<Schedulable> queue = new ArrayDeque<>();

        @Override
        public void begin(int processors) {
            queue.clear();
        }

        @Override
        public void ready(Schedulable strand, Reason reason, long now) {
            queue.add(strand);
        }

        @Override
        public Schedulable next(int processor, long now) {
            return queue.poll();
        }
    }

    /** Keeps the only processor until it is told that all others are ready. */
    private List<String> order(Runnable change, Map<String, Integer> priorities) throws InterruptedException {
        List<String> ran = Collections.synchronizedList(new ArrayList<>());
        List<Strand> all = new ArrayList<>();
        Strand first = strands.fork("first", () -> {
            priorities.forEach((name, priority) -> all
                    .add(strands.fork(name, Parameters.USUAL.withPriority(priority), () -> ran.add(name))));
            change.run();
        });
        first.join(0);
        for (Strand strand : List.copyOf(all)) {
            strand.join(0);
        }
        return ran;
    }

    @Test
    void higherPrioritiesRunFirst() throws InterruptedException {
        takeTime();
        assertEquals(List.of("c", "a", "b"),
                order(() -> {}, new java.util.TreeMap<>(Map.of("a", 1000, "b", 10, "c", 1001))));
    }

    @Test
    void whatIsReadyIsHandedOverInOrder() throws InterruptedException {
        takeTime();
        offer("fifo", new Fifo());
        assertEquals(List.of("a", "b", "c"), order(() -> strands.choose("fifo"),
                new java.util.TreeMap<>(Map.of("a", 1, "b", 10, "c", 1001))));
        assertEquals("fifo", strands.inForce());
        assertEquals(3, strands.changes().getFirst().strands());
    }

    @Test
    void aPolicyThatGoesIsReplaced() throws InterruptedException {
        takeTime();
        Fifo fifo = new Fifo();
        offer("fifo", fifo);
        strands.choose("fifo");
        assertEquals(List.of("b", "a"), order(
                () -> strands.removePolicy(fifo, Map.of(SchedulingPolicy.NAME, "fifo")),
                new java.util.TreeMap<>(Map.of("a", 1, "b", 10))));
        assertEquals(Schedulers.DEFAULT, strands.inForce());
        assertEquals(List.of(Schedulers.DEFAULT), strands.policies());
        assertThrows(IllegalArgumentException.class, () -> strands.choose("fifo"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"throws in ready", "throws in next", "lies", "idles", "starves", "stalls in next",
            "stalls in ready", "fails at once"})
    void aPolicyThatFailsIsReplacedAndNobodyIsLost(String how) throws InterruptedException {
        AtomicInteger calls = new AtomicInteger();
        SchedulingPolicy bad = new Fifo() {
            private Schedulable last;

            private boolean now(String what) {
                return how.equals(what) && calls.incrementAndGet() > 20;
            }

            @Override
            public void begin(int processors) {
                if (how.equals("fails at once")) {
                    throw new IllegalStateException("broken");
                }
            }

            @Override
            public void ready(Schedulable strand, Reason reason, long now) {
                if (now("throws in ready")) {
                    throw new IllegalStateException("broken");
                }
                if (now("stalls in ready")) {
                    stall();
                }
                if (now("starves") && strand.name().equals("s3")) {
                    return;
                }
                super.ready(strand, reason, now);
            }

            @Override
            public Schedulable next(int processor, long now) {
                if (now("throws in next")) {
                    throw new StackOverflowError();
                }
                if (now("stalls in next")) {
                    stall();
                }
                if (now("idles")) {
                    return null;
                }
                if (now("lies")) {
                    return last;
                }
                last = super.next(processor, now);
                return last;
            }

            private void stall() {
                long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(700);
                while (System.nanoTime() < end) {
                    Thread.onSpinWait();
                }
            }
        };
        offer("bad", bad);
        AtomicLong done = new AtomicLong();
        CountDownLatch ended = new CountDownLatch(8);
        strands.choose("bad");
        for (int i = 0; i < 8; i++) {
            strands.fork("s" + i, () -> {
                long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
                while (strands.inForce().equals("bad") && System.nanoTime() < end) {
                    Thread.yield();
                    done.incrementAndGet();
                }
                ended.countDown();
            });
        }
        assertTrue(ended.await(30, TimeUnit.SECONDS), strands.report());
        assertEquals(Schedulers.DEFAULT, strands.inForce(), how);
        assertTrue(strands.report().contains("\"bad\""), strands.report());
        assertTrue(strands.changes().getFirst().reason().startsWith("bad "), strands.changes().toString());
        assertEquals(how.equals("idles"), strands.report().contains("beside an idle processor"), strands.report());
        for (Strand strand : strands.strands()) {
            strand.join(0);
        }
    }

    @Test
    void aPolicyMayRefuse() throws InterruptedException {
        offer("full", new Fifo() {
            @Override
            public void admit(Schedulable strand, Parameters wanted) {
                if (wanted.budget() > 0) {
                    throw new AdmissionException("full");
                }
            }
        });
        strands.choose("full");
        assertThrows(AdmissionException.class,
                () -> strands.fork("x", Parameters.USUAL.withBudget(5, 10), () -> {}));
        Semaphore go = new Semaphore(0);
        Strand strand = strands.fork("y", go::acquireUninterruptibly);
        assertThrows(AdmissionException.class, () -> strand.setParameters(Parameters.USUAL.withBudget(5, 10)));
        assertEquals(Parameters.USUAL, strand.parameters());
        strand.setParameters(Parameters.USUAL.withShares(7));
        assertEquals(7, strand.parameters().shares());
        go.release();
        strand.join(0);
        assertEquals("full", strands.inForce());
    }

    /** Strands that ping each other, sleep, yield and end, while policies change all the time. */
    @Test
    void swapsUnderLoadLoseNobody() throws InterruptedException {
        strands.close();
        strands = new StrandService(new Scheduler(2, System::nanoTime, Limits.USUAL));
        offer("fifo", new Fifo());
        AtomicLong turns = new AtomicLong();
        List<Strand> all = new ArrayList<>();
        Semaphore[] ring = new Semaphore[20];
        java.util.Arrays.setAll(ring, i -> new Semaphore(i % 5 == 0 ? 1 : 0));
        for (int i = 0; i < ring.length; i++) {
            int me = i;
            all.add(strands.fork("ring" + i, () -> {
                Random random = new Random(me);
                for (int turn = 0; turn < 2000; turn++) {
                    ring[me].acquireUninterruptibly();
                    if (random.nextInt(20) == 0) {
                        Thread.yield();
                    }
                    turns.incrementAndGet();
                    ring[(me + 1) % ring.length].release();
                }
            }));
        }
        int swaps = 0;
        while (all.stream().anyMatch(strand -> strand.state() != Strand.State.ENDED)) {
            strands.choose(swaps++ % 2 == 0 ? "fifo" : Schedulers.DEFAULT);
            Thread.sleep(2);
        }
        assertEquals(ring.length * 2000L, turns.get());
        assertEquals("", strands.report());
        assertTrue(swaps > 2);
    }

    /** A strand that keeps its processor in the host does not keep others from running. */
    @Test
    void aDeafStrandLosesItsProcessor() throws InterruptedException {
        CountDownLatch stop = new CountDownLatch(1);
        Strand deaf = strands.fork("deaf", () -> {
            while (stop.getCount() > 0) {
                Thread.onSpinWait();
            }
        });
        while (deaf.processor() < 0) {
            Thread.onSpinWait();
        }
        Strand other = strands.fork("other", () -> {});
        assertTrue(other.join(TimeUnit.SECONDS.toNanos(30)));
        assertEquals(-1, deaf.processor());
        stop.countDown();
        deaf.join(0);
    }

    @Test
    void checkpointsGiveWay() throws InterruptedException {
        List<String> order = Collections.synchronizedList(new ArrayList<>());
        Strand computing = strands.fork("computing", () -> {
            Strand urgent = strands.fork("urgent", Parameters.USUAL.withPriority(2000), () -> order.add("urgent"));
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            while (urgent.state() != Strand.State.ENDED && System.nanoTime() < end) {
                strands.checkpoint();
            }
            order.add("computing");
        });
        computing.join(0);
        assertEquals(List.of("urgent", "computing"), order);
    }
}
