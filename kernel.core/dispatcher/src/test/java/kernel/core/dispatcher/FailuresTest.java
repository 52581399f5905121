package kernel.core.dispatcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import kernel.core.dispatch.Binding;
import kernel.core.dispatch.BindingException;
import kernel.core.dispatch.Checkpoint;
import kernel.core.dispatch.TimeLimitExceeded;
import kernel.core.dispatcher.Sample.Prompt;
import kernel.core.dispatcher.Sample.Sum;
import kernel.core.dispatcher.Sample.Total;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class FailuresTest {

    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(1);

    @Test
    void anExceptionReachesTheRaiserAndTooManyTakeTheHandlerOut() {
        EventType type = Sample.event(Sum.class, PATIENCE);
        Sum stub = (Sum) type.stub();
        type.add(Sample.intrinsic((Sum) (a, b) -> a + b));
        Member bad = Sample.member(Binding.handler(Sum.class, (a, b) -> {
            throw new IllegalStateException("no " + a);
        }).name("bad"));
        type.add(bad);
        for (int i = 0; i < 5; i++) {
            int number = i;
            assertEquals("no " + i,
                    assertThrows(IllegalStateException.class, () -> stub.sum(number, 0)).getMessage());
        }
        assertEquals(9, stub.sum(4, 5));
        assertTrue(bad.quarantined);
        String trouble = bad.troubleNow();
        assertTrue(trouble.contains("quarantined since 20") && trouble.contains("no 4")
                && trouble.contains("FailuresTest"), trouble);
        assertEquals("bad", type.state().getFirst().bindings().getLast().name());
        assertEquals(1, type.rearm("bad"));
        assertThrows(IllegalStateException.class, () -> stub.sum(9, 0));
        assertEquals(0, type.rearm("bad"));
        assertEquals(6, bad.failures());
    }

    @Test
    void whereTheEventSaysSoTheRaiseGoesOn() {
        EventType type = Sample.event(Total.class, PATIENCE);
        Total stub = (Total) type.stub();
        type.add(Sample.member(Binding.handler(Total.class, of -> 1)));
        Member bad = Sample.member(Binding.handler(Total.class, of -> {
            throw new IllegalStateException(of);
        }));
        type.add(bad);
        type.add(Sample.member(Binding.handler(Total.class, of -> 2)));
        assertEquals(3, stub.total("x"));
        assertEquals(1, bad.failures());
        stub.total("y");
        assertFalse(bad.quarantined);
        stub.total("z");
        assertTrue(bad.quarantined);
        assertEquals(3, stub.total("x"));
        assertEquals(3, bad.failures());
    }

    @Test
    void aReplacementOfTheIntrinsicHandlerThatFailsGivesItsPlaceBack() {
        EventType type = Sample.event(Sum.class, PATIENCE);
        Sum stub = (Sum) type.stub();
        type.add(Sample.intrinsic((Sum) (a, b) -> a + b));
        Member better = Sample.member(Binding.intrinsic(Sum.class, (a, b) -> {
            if (a < 0) {
                throw new ArithmeticException();
            }
            return 42;
        }).ranking(1));
        type.add(better);
        assertEquals(42, stub.sum(1, 1));
        for (int i = 0; i < 5; i++) {
            assertThrows(ArithmeticException.class, () -> stub.sum(-1, 0));
        }
        assertEquals(2, stub.sum(1, 1));
        type.rearm("");
        assertEquals(42, stub.sum(1, 1));
    }

    @Test
    void theOnlyIntrinsicHandlerIsNeverTakenOut() {
        EventType type = Sample.event(Sum.class, PATIENCE);
        Sum stub = (Sum) type.stub();
        type.add(Sample.intrinsic((Sum) (a, b) -> a / b));
        for (int i = 0; i < 20; i++) {
            assertThrows(ArithmeticException.class, () -> stub.sum(1, 0));
        }
        assertEquals(2, stub.sum(4, 2));
    }

    @Test
    void aHandlerIsStoppedAtItsLimitWithNoLockHeldAndTheDefaultTakesOver() {
        EventType type = Sample.event(Sum.class, PATIENCE);
        Sum stub = (Sum) type.stub();
        ReentrantLock lock = new ReentrantLock();
        Object monitor = new Object();
        AtomicInteger caught = new AtomicInteger();
        type.add(Sample.member(Binding.byDefault(Sum.class, (a, b) -> -1)));
        Member endless = Sample.member(Binding.handler(Sum.class, (a, b) -> {
            lock.lock();
            try {
                synchronized (monitor) {
                    while (a > 0) {
                        try {
                            while (a > 0) {
                                Checkpoint.poll(); // as the weaver puts it before a backward branch
                            }
                        } catch (TimeLimitExceeded e) {
                            caught.incrementAndGet(); // and goes on regardless
                        }
                        Checkpoint.poll();
                    }
                }
            } finally {
                lock.unlock();
            }
            return 7;
        }).limit(Duration.ofMillis(5)));
        type.add(endless);
        assertEquals(7, stub.sum(0, 0));
        assertEquals(-1, stub.sum(1, 0));
        assertEquals(1, caught.get());
        assertFalse(lock.isLocked());
        assertFalse(Thread.holdsLock(monitor));
        assertFalse(Thread.interrupted());
        assertEquals(1, endless.failures());
        assertTrue(endless.troubleNow().contains("time limit of 5000 us"), endless::troubleNow);
        Checkpoint.poll(); // nothing is left of it
        assertEquals(7, stub.sum(0, 0));
    }

    @Test
    void aBlockedHandlerIsStoppedAsWell() {
        EventType type = Sample.event(Sum.class, PATIENCE);
        Sum stub = (Sum) type.stub();
        type.add(Sample.intrinsic((Sum) (a, b) -> a + b));
        type.add(Sample.member(Binding.handler(Sum.class, (a, b) -> {
            try {
                Thread.sleep(1_000_000);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return 7;
        }).limit(Duration.ofMillis(5)).order(Binding.LAST)));
        assertEquals(3, stub.sum(1, 2));
        assertFalse(Thread.interrupted());
    }

    @Test
    void aHandlerThatCannotBeStoppedMayHaveNoLimit() {
        EventType type = new EventType(Sum.class, Surroundings.of(PATIENCE, PATIENCE, c -> false));
        assertTrue(assertThrows(BindingException.class, () -> type.add(
                Sample.member(Binding.handler(Sum.class, (a, b) -> 0).limit(Duration.ofMillis(1))))).getMessage()
                .contains("Kernel-Ephemeral: true"));
    }

    @Test
    void aHandlerThatStallsAgainAndAgainIsTakenOut() {
        EventType type = Sample.event(Prompt.class, PATIENCE);
        Prompt stub = (Prompt) type.stub();
        type.add(Sample.intrinsic((Prompt) number -> number));
        Member slow = Sample.member(Binding.handler(Prompt.class, number -> {
            try {
                Thread.sleep(number);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return 0;
        }));
        type.add(slow);
        assertEquals(0, stub.prompt(0));
        assertEquals(0, slow.failures());
        assertEquals(300, stub.prompt(300));
        assertTrue(slow.quarantined);
        assertTrue(slow.troubleNow().contains("stalled at") && slow.troubleNow().contains("sleep"), slow::troubleNow);
    }
}
