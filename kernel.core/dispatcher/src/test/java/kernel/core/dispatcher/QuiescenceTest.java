package kernel.core.dispatcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import kernel.core.dispatch.Binding;
import kernel.core.dispatcher.Sample.Sum;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class QuiescenceTest {

    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(10);

    /** Virtual threads that the dispatcher is told of. */
    private final List<Thread> known = new CopyOnWriteArrayList<>();
    private final EventType type = Sample.event(Sum.class, PATIENCE, () -> List.copyOf(known));
    private final Sum stub = (Sum) type.stub();

    private Thread start(boolean virtual, Runnable task) {
        if (!virtual) {
            return Thread.ofPlatform().daemon().start(task);
        }
        Thread thread = Thread.ofVirtual().unstarted(task);
        known.add(thread);
        thread.start();
        return thread;
    }

    private static void await(CountDownLatch latch) {
        try {
            assertTrue(latch.await(60, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void unbindingWaitsForAHandlerThatIsRunning(boolean virtual) throws Exception {
        type.add(Sample.intrinsic((Sum) (a, b) -> a + b));
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        AtomicBoolean left = new AtomicBoolean();
        Member member = Sample.handler((Sum) (a, b) -> {
            inside.countDown();
            await(go);
            left.set(true);
            return 0;
        }, "slow", "");
        type.add(member);
        Thread raiser = start(virtual, () -> stub.sum(1, 1));
        await(inside);
        CompletableFuture<Boolean> removed = CompletableFuture.supplyAsync(() -> {
            type.remove(member);
            return left.get();
        });
        Thread.sleep(50);
        assertFalse(removed.isDone());
        go.countDown();
        assertTrue(removed.get(30, TimeUnit.SECONDS));
        raiser.join();
    }

    /** A raise that is blocked elsewhere does not hold the unbinding up, and does not enter later. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aRaiseThatIsBlockedInAnotherHandlerGoesOnWithoutTheRemovedOne(boolean virtual) throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        AtomicInteger entered = new AtomicInteger();
        type.add(Sample.intrinsic(new Blocking(inside, go)));
        Member last = Sample.handler((Sum) (a, b) -> entered.incrementAndGet(), "last", "last");
        type.add(last);
        CompletableFuture<Long> result = new CompletableFuture<>();
        start(virtual, () -> result.complete(stub.sum(1, 2)));
        await(inside);
        long began = System.nanoTime();
        type.remove(last);
        assertTrue(System.nanoTime() - began < TimeUnit.SECONDS.toNanos(2) || virtual,
                "it waited for the drain's limit");
        assertEquals("", last.troubleNow());
        go.countDown();
        assertEquals(3, result.get(30, TimeUnit.SECONDS));
        assertEquals(0, entered.get());
    }

    /** Not a lambda, so that stacks tell it from one. */
    private record Blocking(CountDownLatch inside, CountDownLatch go) implements Sum {
        @Override
        public long sum(long a, int b) {
            inside.countDown();
            await(go);
            return a + b;
        }
    }

    @Test
    void aRaiseThatComesToAnIntrinsicHandlerWhichIsBeingReplacedGetsTheNewOne() throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        Member old = Sample.intrinsic((Sum) (a, b) -> 1);
        type.add(old);
        type.add(Sample.handler(new Blocking(inside, go), "first", "first"));
        CompletableFuture<Long> result = CompletableFuture.supplyAsync(() -> stub.sum(1, 2));
        await(inside);
        type.remove(old);
        go.countDown();
        Thread.sleep(20);
        assertFalse(result.isDone());
        type.add(Sample.intrinsic((Sum) (a, b) -> 2));
        assertEquals(2, result.get(30, TimeUnit.SECONDS));
    }

    @Test
    void aHandlerMayUnbindItself() {
        type.add(Sample.intrinsic((Sum) (a, b) -> a + b));
        Member[] self = new Member[1];
        AtomicInteger ran = new AtomicInteger();
        self[0] = Sample.handler((Sum) (a, b) -> {
            type.remove(self[0]);
            return ran.incrementAndGet();
        }, "once", "");
        type.add(self[0]);
        long began = System.nanoTime();
        stub.sum(1, 1);
        stub.sum(1, 1);
        assertEquals(1, ran.get());
        assertTrue(System.nanoTime() - began < PATIENCE);
    }

    @Test
    void recursiveRaisesAreSeenToTheBottom() throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        AtomicBoolean left = new AtomicBoolean();
        type.add(Sample.intrinsic((Sum) (a, b) -> {
            if (a > 0) {
                return stub.sum(a - 1, b);
            }
            inside.countDown();
            await(go);
            return 0;
        }));
        Member outer = Sample.handler((Sum) (a, b) -> {
            if (b == 1) {
                stub.sum(3, 0);
                left.set(true);
            }
            return 0;
        }, "outer", "");
        type.add(outer);
        Thread raiser = start(false, () -> stub.sum(0, 1));
        await(inside);
        CompletableFuture<Boolean> removed = CompletableFuture.supplyAsync(() -> {
            type.remove(outer);
            return left.get();
        });
        Thread.sleep(30);
        assertFalse(removed.isDone());
        go.countDown();
        assertTrue(removed.get(30, TimeUnit.SECONDS));
        raiser.join();
    }

    @Test
    void aHandlerThatDoesNotLeaveIsReportedAndWaitedForNoLonger() throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        type.add(Sample.intrinsic((Sum) (a, b) -> a + b));
        Member stuck = Sample.handler(new Blocking(inside, go), "stuck", "");
        type.add(stuck);
        Thread raiser = Thread.ofPlatform().daemon().name("raiser of stuck").start(() -> stub.sum(1, 1));
        await(inside);
        type.remove(stuck);
        assertTrue(stuck.troubleNow().contains("still running: raiser of stuck"), stuck::troubleNow);
        go.countDown();
        raiser.join();
    }

    /** Raisers as fast as they can; each removed handler checks that nobody is or comes inside after its removal. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void nobodyIsInsideAfterwardsUnderLoad(boolean virtual) throws Exception {
        type.add(Sample.intrinsic((Sum) (a, b) -> a + b));
        AtomicBoolean stop = new AtomicBoolean();
        AtomicLong wrong = new AtomicLong();
        List<Thread> raisers = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            raisers.add(start(virtual, () -> {
                while (!stop.get()) {
                    if (stub.sum(1, 1) != 2) {
                        wrong.incrementAndGet();
                    }
                }
            }));
        }
        int rounds = virtual ? 10 : 60;
        for (int i = 0; i < rounds; i++) {
            Checked checked = new Checked();
            Member member = i % 3 == 0
                    ? Sample.member(Binding.handler(Sum.class, checked::call).order(Binding.FIRST))
                    : Sample.guarded(checked, "checked", "guard");
            type.add(member);
            Thread.sleep(i % 4);
            type.remove(member);
            checked.closed = true;
            assertEquals(0, checked.inside.get(), "round " + i);
            wrong.addAndGet(checked.late.get());
        }
        Thread.sleep(20);
        stop.set(true);
        for (Thread raiser : raisers) {
            raiser.join();
        }
        assertEquals(0, wrong.get());
    }

    /** Knows whether somebody is inside. */
    public static final class Checked implements Sum {
        private final AtomicInteger inside = new AtomicInteger();
        private final AtomicLong late = new AtomicLong();
        private volatile boolean closed;

        long call(long a, int b) {
            inside.incrementAndGet();
            if (closed) {
                late.incrementAndGet();
            }
            inside.decrementAndGet();
            return 0;
        }

        @Override
        public long sum(long a, int b) {
            return call(a, b);
        }

        /** A guard. */
        public boolean guard(long a, int b) {
            return call(a, b) == 0;
        }
    }
}
