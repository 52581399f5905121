package kernel.core.dispatcher;

import static kernel.core.dispatcher.Sample.guarded;
import static kernel.core.dispatcher.Sample.handler;
import static kernel.core.dispatcher.Sample.intrinsic;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import kernel.core.dispatch.Binding;
import kernel.core.dispatch.Event;
import kernel.core.dispatch.NoHandlerException;
import kernel.core.dispatcher.Sample.Ask;
import kernel.core.dispatcher.Sample.Note;
import kernel.core.dispatcher.Sample.Several;
import kernel.core.dispatcher.Sample.Sum;
import kernel.core.dispatcher.Sample.Wrong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class EventTypeTest {

    private static final long PATIENCE = TimeUnit.MILLISECONDS.toNanos(50);

    private final List<String> ran = new ArrayList<>();

    private Note noting(String name) {
        return (text, a, b, c) -> ran.add(name + " " + text + " " + a + " " + b + " " + c);
    }

    @Test
    void anIntrinsicHandlerAloneGetsTheArguments() {
        EventType type = Sample.event(Note.class, PATIENCE);
        type.add(intrinsic(noting("i")));
        ((Note) type.stub()).note("x", 1L << 40, 2.5, -3);
        assertEquals(List.of("i x 1099511627776 2.5 -3"), ran);
    }

    @Test
    void handlersRunInOrderAndLeaveWhenRemoved() {
        EventType type = Sample.event(Note.class, PATIENCE);
        Note stub = (Note) type.stub();
        type.add(intrinsic(noting("i")));
        Member first = handler(noting("f"), "f", "first");
        type.add(handler(noting("l"), "l", "last"));
        type.add(first);
        stub.note("x", 1, 2, 3);
        assertEquals(List.of("f x 1 2.0 3", "i x 1 2.0 3", "l x 1 2.0 3"), ran);
        ran.clear();
        type.remove(first);
        stub.note("y", 1, 2, 3);
        assertEquals(List.of("i y 1 2.0 3", "l y 1 2.0 3"), ran);
        assertSame(stub, type.stub());
    }

    @Test
    void severalMethodsAreSeveralEvents() {
        EventType type = Sample.event(Several.class, PATIENCE);
        Several stub = (Several) type.stub();
        type.add(intrinsic(new Several() {
            @Override
            public String name(byte b, char c, short s, boolean z, float f) {
                return b + " " + c + " " + s + " " + z + " " + f;
            }

            @Override
            public int count() {
                return 21;
            }
        }));
        assertEquals("-1 c 300 true 0.5", stub.name((byte) -1, 'c', (short) 300, true, 0.5f));
        assertEquals(42, stub.twice());
        assertEquals("stub of " + Several.class.getName(), stub.toString());
        assertEquals(List.of(Several.class.getName() + ".count", Several.class.getName() + ".name"),
                type.state().stream().map(s -> s.name()).toList());
    }

    /** A handler with a guard, as extensions write them. */
    public static final class Odd implements Sum {
        @Override
        public long sum(long a, int b) {
            return -1;
        }

        /** The guard. */
        public boolean odd(long a, int b) {
            return (a & 1) != 0;
        }
    }

    @Test
    void theLastHandlerThatRanGivesTheResult() {
        EventType type = Sample.event(Sum.class, PATIENCE);
        Sum stub = (Sum) type.stub();
        type.add(intrinsic((Sum) (a, b) -> a + b));
        assertEquals(3, stub.sum(1, 2));
        type.add(Sample.member(new Odd(), Binding.NAME, "odd", Binding.ORDER, "last", Binding.GUARD, "odd"));
        assertEquals(-1, stub.sum(1, 2));
        assertEquals(4, stub.sum(2, 2));
        type.add(guarded(new Odd(), "before", "odd"));
        assertEquals(-1, stub.sum(1, 2));
    }

    @Test
    void aGuardThatDoesNotExistIsRefusedAndNothingChanges() {
        EventType type = Sample.event(Sum.class, PATIENCE);
        type.add(intrinsic((Sum) (a, b) -> a + b));
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class,
                () -> type.add(guarded(new Odd(), "odd", "even")));
        assertTrue(e.getMessage().contains("boolean even(long,int)"), e::getMessage);
        assertEquals(3, ((Sum) type.stub()).sum(1, 2));
    }

    @Test
    void anyAsksUntilOneAgrees() {
        EventType type = Sample.event(Ask.class, PATIENCE);
        Ask stub = (Ask) type.stub();
        type.add(intrinsic((Ask) question -> {
            ran.add("i");
            return question == 1;
        }));
        assertTrue(stub.ask(1));
        assertFalse(stub.ask(2));
        type.add(handler((Ask) question -> question == 2, "two", ""));
        ran.clear();
        assertTrue(stub.ask(2));
        assertTrue(ran.isEmpty());
        assertTrue(stub.ask(1));
        assertFalse(stub.ask(3));
    }

    @Test
    void anExceptionReachesTheRaiserUnwrapped() {
        EventType type = Sample.event(Note.class, PATIENCE);
        type.add(intrinsic((Note) (text, a, b, c) -> {
            throw new ArithmeticException(text);
        }));
        assertEquals("x", assertThrows(ArithmeticException.class, () -> ((Note) type.stub()).note("x", 1, 2, 3))
                .getMessage());
    }

    @Test
    void withoutAnIntrinsicHandlerARaiseFailsClearlyAfterWaiting() {
        EventType type = Sample.event(Sum.class, PATIENCE);
        NoHandlerException e = assertThrows(NoHandlerException.class, () -> ((Sum) type.stub()).sum(1, 2));
        assertTrue(e.getMessage().contains(Sum.class.getName()) && e.getMessage().contains("50 ms"), e::getMessage);
    }

    @Test
    void aRaiseWaitsForTheIntrinsicHandlerThatIsBeingUpdated() throws Exception {
        EventType type = Sample.event(Sum.class, TimeUnit.SECONDS.toNanos(30));
        Member old = intrinsic((Sum) (a, b) -> a + b);
        type.add(old);
        type.remove(old);
        AtomicBoolean started = new AtomicBoolean();
        CompletableFuture<Long> result = CompletableFuture.supplyAsync(() -> {
            started.set(true);
            return ((Sum) type.stub()).sum(1, 2);
        });
        while (!started.get()) {
            Thread.onSpinWait();
        }
        type.add(intrinsic((Sum) (a, b) -> a * 100 + b));
        assertEquals(102, result.get(30, TimeUnit.SECONDS));
    }

    @Test
    void whatIsNoEventIsRefused() {
        assertTrue(assertThrows(IllegalArgumentException.class, () -> Sample.event(Runnable.class, PATIENCE))
                .getMessage().contains(Event.class.getName()));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> Sample.event(Wrong.class, PATIENCE))
                .getMessage().contains("must be boolean"));
    }

    @Test
    void noRaiseIsLostWhileHandlersComeAndGo() throws Exception {
        EventType type = Sample.event(Sum.class, TimeUnit.SECONDS.toNanos(30));
        AtomicLong served = new AtomicLong();
        Sum serve = (a, b) -> {
            served.incrementAndGet();
            return a + b;
        };
        Member[] provider = {intrinsic(serve)};
        type.add(provider[0]);
        Sum stub = (Sum) type.stub();
        AtomicBoolean stop = new AtomicBoolean();
        List<CompletableFuture<Long>> raisers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            raisers.add(CompletableFuture.supplyAsync(() -> {
                long raised = 0;
                while (!stop.get()) {
                    assertEquals(raised + 1, stub.sum(raised, 1));
                    raised++;
                }
                return raised;
            }, task -> Thread.ofPlatform().daemon().start(task)));
        }
        Member watch = handler((Sum) (a, b) -> 0, "watch", "first");
        for (int i = 0; i < 300; i++) {
            type.add(watch);
            Member next = intrinsic(serve);
            if (i % 2 == 0) {
                type.remove(provider[0]);
                type.add(next);
            } else {
                type.replace(provider[0], next);
            }
            provider[0] = next;
            type.remove(watch);
        }
        stop.set(true);
        long raised = 0;
        for (CompletableFuture<Long> raiser : raisers) {
            raised += raiser.get(30, TimeUnit.SECONDS);
        }
        assertEquals(raised, served.get());
    }
}
