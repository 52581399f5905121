package kernel.core.dispatcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import kernel.core.dispatch.Binding;
import kernel.core.dispatch.QueueFullException;
import kernel.core.dispatcher.Sample.Later;
import kernel.core.dispatcher.Sample.Sum;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class AsyncTest {

    private static final long PATIENCE = TimeUnit.MILLISECONDS.toNanos(100);

    private final List<Long> ran = Collections.synchronizedList(new ArrayList<>());
    private final EventType type = Sample.event(Sum.class, PATIENCE);
    private final Sum stub = (Sum) type.stub();

    AsyncTest() {
        type.add(Sample.intrinsic((Sum) (a, b) -> a + b));
    }

    private Member bind(Sum handler, int queue, String overflow) {
        Member member = Sample.member(Binding.handler(Sum.class, handler).async(queue, overflow));
        type.add(member);
        return member;
    }

    @Test
    void itRunsLaterInOrderInAVirtualThreadAndHasNoResult() throws Exception {
        AtomicInteger virtual = new AtomicInteger();
        Member member = bind((a, b) -> {
            virtual.addAndGet(Thread.currentThread().isVirtual() ? 1 : 0);
            ran.add(a);
            return -1;
        }, 1000, Binding.WAIT);
        for (int i = 0; i < 1000; i++) {
            assertEquals(i + 1, stub.sum(i, 1));
        }
        assertTrue(member.mailbox.drain(TimeUnit.SECONDS.toNanos(30)));
        assertEquals(IntStream.range(0, 1000).mapToObj(i -> (long) i).toList(), ran);
        assertEquals(1000, virtual.get());
    }

    @Test
    void theRaiseGoesOnWhileTheHandlerBlocks() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        Member member = bind((a, b) -> {
            await(go);
            ran.add(a);
            return 0;
        }, 2, Binding.DROP);
        for (int i = 0; i < 10; i++) {
            assertEquals(i, stub.sum(i, 0));
        }
        assertTrue(member.mailbox.state().contains("2 outstanding, 8 dropped"), member.mailbox::state);
        go.countDown();
        assertTrue(member.mailbox.drain(TimeUnit.SECONDS.toNanos(30)));
        assertEquals(List.of(0L, 1L), ran);
    }

    @Test
    void whatHappensWhenTheQueueIsFullIsChosen() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        Sum blocking = (a, b) -> {
            if (Thread.currentThread().isVirtual()) {
                await(go);
            }
            ran.add(a);
            return 0;
        };
        Member fails = bind(blocking, 1, Binding.FAIL);
        stub.sum(1, 0);
        String message = assertThrows(QueueFullException.class, () -> stub.sum(2, 0)).getMessage();
        assertTrue(message.contains("1 calls outstanding") && message.contains("Sum"), message);
        go.countDown();
        type.remove(fails);

        CountDownLatch never = new CountDownLatch(1);
        Member waits = bind((a, b) -> {
            await(never);
            return 0;
        }, 1, Binding.WAIT);
        stub.sum(3, 0);
        assertTrue(assertThrows(QueueFullException.class, () -> stub.sum(4, 0)).getMessage()
                .contains("no room within 100 ms"));
        never.countDown();
        type.remove(waits);

        ran.clear();
        CountDownLatch third = new CountDownLatch(1);
        Member runs = bind((a, b) -> {
            if (Thread.currentThread().isVirtual()) {
                await(third);
            }
            ran.add(a);
            return 0;
        }, 1, Binding.RUN);
        stub.sum(5, 0);
        stub.sum(6, 0);
        assertEquals(List.of(6L), ran);
        third.countDown();
        type.remove(runs);
        assertEquals(List.of(6L, 5L), ran);
    }

    @Test
    void unbindingRunsWhatIsOutstanding() {
        Member member = bind((a, b) -> {
            pause(1);
            ran.add(a);
            return 0;
        }, 100, Binding.WAIT);
        for (int i = 0; i < 50; i++) {
            stub.sum(i, 0);
        }
        type.remove(member);
        assertEquals(50, ran.size());
    }

    @Test
    void aFailureIsCounted() throws Exception {
        Member member = bind((a, b) -> {
            throw new IllegalStateException("asynchronous " + a);
        }, 10, Binding.WAIT);
        stub.sum(1, 0);
        member.mailbox.drain(TimeUnit.SECONDS.toNanos(30));
        assertEquals(1, member.failures());
        assertTrue(member.troubleNow().contains("asynchronous 1"), member::troubleNow);
    }

    @Test
    void anAsynchronousEventRunsAllHandlersInOneOtherThreadAndHoldsTheRaiserBack() throws Exception {
        EventType later = Sample.event(Later.class, PATIENCE);
        Later raise = (Later) later.stub();
        CountDownLatch go = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(8);
        Later note = number -> {
            await(go);
            ran.add((long) number);
            done.countDown();
        };
        later.add(Sample.member(Binding.handler(Later.class, note)));
        later.add(Sample.member(Binding.handler(Later.class, note)));
        for (int i = 0; i < 4; i++) {
            raise.later(i);
        }
        assertThrows(QueueFullException.class, () -> raise.later(4));
        assertTrue(ran.isEmpty());
        go.countDown();
        assertTrue(done.await(30, TimeUnit.SECONDS));
        assertEquals(List.of(0L, 0L, 1L, 1L, 2L, 2L, 3L, 3L), ran);
    }

    @Test
    void aHandlerThatRaisesIntoItsOwnFullQueueIsToldInsteadOfHanging() throws Exception {
        CountDownLatch told = new CountDownLatch(1);
        bind((a, b) -> {
            try {
                for (int i = 0; i < 5; i++) {
                    stub.sum(a + 1, b);
                }
            } catch (QueueFullException e) {
                told.countDown();
            }
            return 0;
        }, 2, Binding.WAIT);
        stub.sum(0, 0);
        assertTrue(told.await(30, TimeUnit.SECONDS));
        assertFalse(Thread.interrupted());
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void pause(int milliseconds) {
        try {
            Thread.sleep(milliseconds);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
