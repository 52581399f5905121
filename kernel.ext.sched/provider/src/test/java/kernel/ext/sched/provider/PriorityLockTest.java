package kernel.ext.sched.provider;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import kernel.core.strand.Parameters;
import kernel.core.strand.Strand;
import kernel.core.strand.StrandLock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PriorityLockTest {

    private final StrandService strands = new StrandService(new Scheduler(2, System::nanoTime, Limits.USUAL));

    @AfterEach
    void close() {
        strands.close();
    }

    private static void await(java.util.function.BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            if (Thread.currentThread().isInterrupted()) {
                throw new AssertionError("waited in vain");
            }
            Thread.onSpinWait();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Strand fork(String name, int priority, Runnable body) {
        return strands.fork(name, Parameters.USUAL.withPriority(priority), body);
    }

    @Test
    void theHolderInheritsThroughAChainAndGivesBack() throws InterruptedException {
        StrandLock a = strands.lock("a");
        StrandLock b = strands.lock("b");
        CountDownLatch release = new CountDownLatch(1);
        Strand low = fork("low", 10, () -> {
            a.lock();
            await(release);
            a.unlock();
        });
        await(() -> "low".equals(a.holder()));
        Strand middle = fork("middle", 20, () -> {
            b.lock();
            a.lock();
            a.unlock();
            b.unlock();
        });
        await(() -> a.waiting() == 1 && low.parameters().priority() == 20);
        Strand high = fork("high", 3000, () -> {
            b.lock();
            b.unlock();
        });
        await(() -> b.waiting() == 1 && low.parameters().priority() == 3000);
        assertEquals(3000, middle.parameters().priority());
        assertEquals(List.of(), strands.deadlocks());
        release.countDown();
        high.join(0);
        middle.join(0);
        low.join(0);
        assertEquals(10, low.parameters().priority());
        assertEquals(20, middle.parameters().priority());
        assertNull(a.holder());
        assertNull(b.holder());
    }

    /** Low holds a, middle holds b and waits for a: who waits for b and gives up takes its priority along the chain. */
    private void chain(java.util.function.BiConsumer<Strand, StrandLock> ends) throws InterruptedException {
        StrandLock a = strands.lock("a");
        StrandLock b = strands.lock("b");
        CountDownLatch release = new CountDownLatch(1);
        Strand low = fork("low", 10, () -> {
            a.lock();
            await(release);
            a.unlock();
        });
        await(() -> "low".equals(a.holder()));
        Strand middle = fork("middle", 20, () -> {
            b.lock();
            a.lock();
            a.unlock();
            b.unlock();
        });
        await(() -> a.waiting() == 1);
        CountDownLatch patience = new CountDownLatch(1);
        Strand high = fork("high", 3000, () -> {
            try {
                while (!b.tryLock(50, TimeUnit.MILLISECONDS)) {
                    if (patience.getCount() == 0) {
                        return;
                    }
                    // a new wait: inherited again
                }
                b.unlock();
            } catch (InterruptedException e) {
                // gives up
            }
        });
        await(() -> low.parameters().priority() == 3000 && middle.parameters().priority() == 3000);
        assertEquals(10, low.ownParameters().priority());
        ends.accept(high, b);
        patience.countDown();
        high.join(0);
        await(() -> low.parameters().priority() == 20 && middle.parameters().priority() == 20);
        assertEquals(0, b.waiting());
        release.countDown();
        middle.join(0);
        low.join(0);
        assertEquals(10, low.parameters().priority());
        assertEquals(20, middle.parameters().priority());
    }

    @Test
    void whoeverRunsOutOfTimeTakesItsPriorityBackFromTheChain() throws InterruptedException {
        chain((high, lock) -> {});
    }

    @Test
    void whoeverIsInterruptedTakesItsPriorityBackFromTheChain() throws InterruptedException {
        chain((high, lock) -> high.interrupt());
    }

    @Test
    void prioritiesAreInheritedAcrossChangesOfThePolicy() throws InterruptedException {
        strands.addPolicy(new PoliciesTest.Fifo(), java.util.Map.of(kernel.core.strand.SchedulingPolicy.NAME, "fifo"));
        chain((high, lock) -> {
            for (String policy : List.of("fifo", "priority", "fifo", "priority")) {
                strands.choose(policy);
            }
        });
    }

    /** The waiting strand's priority is changed from outside while it waits. */
    @Test
    void aChangeOfTheWaitersPriorityReachesTheHolder() throws InterruptedException {
        StrandLock lock = strands.lock("lock");
        CountDownLatch release = new CountDownLatch(1);
        Strand low = fork("low", 10, () -> {
            lock.lock();
            await(release);
            lock.unlock();
        });
        await(() -> "low".equals(lock.holder()));
        Strand waits = fork("waits", 20, () -> {
            lock.lock();
            lock.unlock();
        });
        await(() -> low.parameters().priority() == 20);
        waits.setParameters(waits.ownParameters().withPriority(4000));
        assertEquals(4000, low.parameters().priority());
        waits.setParameters(waits.ownParameters().withPriority(5));
        assertEquals(10, low.parameters().priority());
        release.countDown();
        waits.join(0);
        low.join(0);
    }

    /** Inversion: a strand of middle priority does not get in between one of high priority and who holds its lock. */
    @Test
    void whoeverHoldsTheLockRunsBeforeTheMiddle() throws InterruptedException {
        StrandService one = new StrandService(new Scheduler(1, System::nanoTime, new Limits(10_000_000_000L,
                60_000_000_000L, 60_000_000_000L, 60_000_000_000L, 60_000_000_000L)));
        StrandLock lock = one.lock("lock");
        List<String> order = Collections.synchronizedList(new ArrayList<>());
        List<Strand> all = Collections.synchronizedList(new ArrayList<>());
        one.fork("low", Parameters.USUAL.withPriority(10), () -> {
            lock.lock();
            all.add(one.fork("high", Parameters.USUAL.withPriority(3000), () -> {
                lock.lock();
                order.add("high");
                lock.unlock();
            }));
            while (lock.waiting() == 0) {
                Thread.yield(); // high runs, and waits
            }
            all.add(one.fork("middle", Parameters.USUAL.withPriority(2000), () -> order.add("middle")));
            Thread.yield(); // middle is ready, and lower than what low inherits
            order.add("low");
            lock.unlock();
        }).join(0);
        for (Strand strand : List.copyOf(all)) {
            strand.join(0);
        }
        assertEquals(List.of("low", "high", "middle"), order);
        one.close();
    }

    /** Whose time is over in the moment of a signal has it: no signal is lost. */
    @Test
    void aSignalThatComesAsTheTimeIsOverCounts() throws InterruptedException {
        StrandLock lock = strands.lock("lock");
        Condition condition = lock.newCondition();
        long[] left = new long[1];
        Strand waits = fork("waits", 1000, () -> {
            lock.lock();
            try {
                left[0] = condition.awaitNanos(1_000_000);
            } catch (InterruptedException e) {
                left[0] = Long.MIN_VALUE;
            } finally {
                lock.unlock();
            }
        });
        lock.lock();
        while (lock.waiting() == 0) {
            lock.unlock(); // it has not begun to wait for the condition, or to get the lock back
            Thread.onSpinWait();
            lock.lock();
            if (waits.state() == Strand.State.ENDED) {
                lock.unlock();
                return; // it was over before we could meet it
            }
        }
        condition.signal();
        lock.unlock();
        waits.join(0);
        assertTrue(left[0] == Long.MIN_VALUE || left[0] != 0, "left: " + left[0]);
    }

    @Test
    void theHighestGetsItNext() throws InterruptedException {
        StrandLock lock = strands.lock("lock");
        List<String> order = Collections.synchronizedList(new ArrayList<>());
        List<Strand> all = new ArrayList<>();
        lock.lock();
        for (String name : List.of("a 5", "b 7", "c 7", "d 9")) {
            int before = lock.waiting();
            all.add(fork(name, Integer.parseInt(name.substring(2)), () -> {
                lock.lock();
                order.add(name.substring(0, 1));
                lock.unlock();
            }));
            await(() -> lock.waiting() == before + 1);
        }
        lock.unlock();
        for (Strand strand : all) {
            strand.join(0);
        }
        assertEquals(List.of("d", "b", "c", "a"), order);
    }

    @Test
    void deadlocksAreFoundAndEndByInterrupts() throws InterruptedException {
        StrandLock a = strands.lock("a");
        StrandLock b = strands.lock("b");
        CountDownLatch both = new CountDownLatch(2);
        Strand one = fork("one", 1000, () -> cross(a, b, both));
        Strand two = fork("two", 1000, () -> cross(b, a, both));
        await(() -> !strands.deadlocks().isEmpty());
        assertEquals(List.of("one waits for b, held by two waits for a, held by one"), strands.deadlocks());
        one.interrupt();
        one.join(0);
        two.join(0);
        assertEquals(List.of(), strands.deadlocks());
    }

    private static void cross(StrandLock first, StrandLock second, CountDownLatch both) {
        first.lock();
        both.countDown();
        await(both);
        try {
            second.lockInterruptibly();
            second.unlock();
        } catch (InterruptedException e) {
            // gives up
        } finally {
            first.unlock();
        }
    }

    @Test
    void timeoutsReentryAndMisuse() throws InterruptedException {
        StrandLock lock = strands.lock("lock");
        assertThrows(IllegalMonitorStateException.class, lock::unlock);
        lock.lock();
        lock.lock();
        Strand other = fork("other", 1, () -> {
            try {
                assertFalse(lock.tryLock());
                assertFalse(lock.tryLock(5, TimeUnit.MILLISECONDS));
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        other.join(0);
        lock.unlock();
        assertEquals(Thread.currentThread().getName(), lock.holder());
        lock.unlock();
        assertNull(lock.holder());
        assertEquals(0, lock.waiting());
    }

    @Test
    void manyStrandsExcludeEachOtherAndMeetAtAPlace() throws InterruptedException {
        StrandLock lock = strands.lock("lock");
        Condition notEmpty = lock.newCondition();
        Condition notFull = lock.newCondition();
        long[] state = new long[3]; // items, taken, sum
        List<Strand> all = new ArrayList<>();
        int each = 3000;
        for (int i = 0; i < 4; i++) {
            int priority = 1000 + i;
            all.add(fork("producer" + i, priority, () -> {
                for (int n = 1; n <= each; n++) {
                    lock.lock();
                    while (state[0] >= 3) {
                        notFull.awaitUninterruptibly();
                    }
                    state[0]++;
                    state[2] += n;
                    notEmpty.signal();
                    lock.unlock();
                }
            }));
            all.add(fork("consumer" + i, priority, () -> {
                for (int n = 1; n <= each; n++) {
                    lock.lock();
                    while (state[0] == 0) {
                        notEmpty.awaitUninterruptibly();
                    }
                    state[0]--;
                    state[1]++;
                    notFull.signal();
                    lock.unlock();
                }
            }));
        }
        for (Strand strand : all) {
            assertTrue(strand.join(TimeUnit.SECONDS.toNanos(50)), () -> strands.strands() + " " + lock);
        }
        assertEquals(0, state[0]);
        assertEquals(4L * each, state[1]);
        assertEquals(4L * each * (each + 1) / 2, state[2]);
        assertEquals(0, lock.waiting());
        assertNull(lock.holder());
    }
}
