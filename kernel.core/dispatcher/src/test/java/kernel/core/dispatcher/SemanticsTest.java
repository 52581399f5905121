package kernel.core.dispatcher;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import kernel.core.dispatch.Binding;
import kernel.core.dispatch.BindingException;
import kernel.core.dispatch.NoHandlerException;
import kernel.core.dispatcher.Sample.Agree;
import kernel.core.dispatcher.Sample.Generic;
import kernel.core.dispatcher.Sample.Note;
import kernel.core.dispatcher.Sample.Packet;
import kernel.core.dispatcher.Sample.Several;
import kernel.core.dispatcher.Sample.Sum;
import kernel.core.dispatcher.Sample.Total;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a raise does, by the walk that is in force at once and by the shape that replaces it. */
@Timeout(60)
class SemanticsTest {

    private static final long PATIENCE = TimeUnit.MILLISECONDS.toNanos(50);

    private final List<String> ran = new ArrayList<>();

    /** Lets generated classes take over if asked to. */
    private static void settle(EventType type, boolean refined) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (refined && type.family().plan().getClass().getName().contains("Walk") && System.nanoTime() < end) {
            Thread.sleep(5);
        }
    }

    private Sum adding(String name, long result) {
        return (a, b) -> {
            ran.add(name + a + "," + b);
            return result;
        };
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aHandlerThatCancelsIsTheLastThatRuns(boolean refined) throws Exception {
        EventType type = Sample.event(Sum.class, PATIENCE);
        Sum stub = (Sum) type.stub();
        type.add(Sample.intrinsic(adding("i", 1)));
        type.add(Sample.member(Binding.handler(Sum.class, adding("c", 2)).cancel().guard((Both) (a, b) -> a == 5)));
        type.add(Sample.member(Binding.handler(Sum.class, adding("l", 3)).order(Binding.LAST)));
        settle(type, refined);
        assertEquals(2, stub.sum(5, 0));
        assertEquals(3, stub.sum(6, 0));
        assertEquals(List.of("c5,0", "i6,0", "l6,0"), ran);
    }

    /** A guard's interface, as somebody may declare it. */
    @FunctionalInterface
    public interface Both {
        boolean test(long a, int b);
    }

    /** Changes arguments. */
    public static final class Shift implements Sum {
        @Override
        public long sum(long a, int b) {
            throw new AssertionError("a filter's own method is not called");
        }

        /** First change. */
        public long more(long a, int b) {
            return a + 1000;
        }

        /** Second change, which sees the first. */
        public int derived(long a, int b) {
            return (int) a + b;
        }

        /** When it applies. */
        public boolean positive(long a, int b) {
            return a > 0;
        }
    }

    @Test
    void aFilterChangesWhatLaterOnesSeeAndTheRaiserKeepsItsOwn() {
        EventType type = Sample.event(Sum.class, PATIENCE);
        Sum stub = (Sum) type.stub();
        type.add(Sample.intrinsic(adding("i", 1)));
        type.add(Sample.member(Binding.handler(Sum.class, adding("f", 1)).order(Binding.FIRST)));
        type.add(Sample.member(Binding.filter(Sum.class, new Shift(), "0=more", "1=derived").guard("positive")));
        type.add(Sample.member(Binding.handler(Sum.class, adding("h", 1)).guard((Both) (a, b) -> a > 1000)));
        long mine = 7;
        stub.sum(mine, 2);
        stub.sum(-mine, 2);
        assertEquals(List.of("f7,2", "h1007,1009", "i1007,1009", "f-7,2", "i-7,2"), ran);
        assertEquals(7, mine);
        assertTrue(assertThrows(BindingException.class,
                () -> type.add(Sample.member(Binding.filter(Sum.class, new Shift(), "2=more")))).getMessage()
                .contains("name a parameter by its number"));
        assertTrue(assertThrows(BindingException.class,
                () -> type.add(Sample.member(Binding.filter(Sum.class, new Shift(), "0=derived")))).getMessage()
                .contains("there is no method long derived(long,int)"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void resultsAreCombined(boolean refined) throws Exception {
        EventType type = Sample.event(Total.class, PATIENCE);
        Total stub = (Total) type.stub();
        type.add(Sample.member(Binding.handler(Total.class, of -> 1)));
        type.add(Sample.member(Binding.handler(Total.class, of -> 10)));
        type.add(Sample
                .member(Binding.handler(Total.class, of -> 100).guard((java.util.function.Predicate<String>) s -> s
                        .equals("all"))));
        settle(type, refined);
        assertEquals(11, stub.total("some"));
        assertEquals(111, stub.total("all"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void allAsksUntilOneRefuses(boolean refined) throws Exception {
        EventType type = Sample.event(Agree.class, PATIENCE);
        Agree stub = (Agree) type.stub();
        type.add(Sample.member(Binding.handler(Agree.class, question -> ran.add("a") && question != 1)));
        type.add(Sample.member(Binding.handler(Agree.class, question -> ran.add("b") && question != 2)));
        settle(type, refined);
        assertTrue(stub.agree(0));
        assertFalse(stub.agree(1));
        assertFalse(stub.agree(2));
        assertEquals(List.of("a", "b", "a", "a", "b"), ran);
    }

    @Test
    void whenNobodyAnswersTheDefaultHandlerDoesOrTheRaiserIsTold() throws Exception {
        EventType type = Sample.event(Agree.class, PATIENCE);
        Agree stub = (Agree) type.stub();
        assertTrue(assertThrows(NoHandlerException.class, () -> stub.agree(1)).getMessage()
                .contains(Agree.class.getName()));
        type.add(Sample.member(Binding.handler(Agree.class, question -> true)
                .guard((java.util.function.IntPredicate) question -> question == 1)));
        assertTrue(stub.agree(1));
        assertThrows(NoHandlerException.class, () -> stub.agree(2));
        Member low = Sample.member(Binding.byDefault(Agree.class, question -> ran.add("low")));
        Member high = Sample.member(Binding.byDefault(Agree.class, question -> !ran.add("high")).ranking(1));
        type.add(low);
        assertTrue(stub.agree(2));
        type.add(high);
        assertFalse(stub.agree(2));
        type.remove(high);
        assertTrue(stub.agree(2));
        assertEquals(List.of("low", "high", "low"), ran);
    }

    @Test
    void aDefaultHandlerStandsInForTheIntrinsicOne() {
        EventType type = Sample.event(Sum.class, PATIENCE);
        Sum stub = (Sum) type.stub();
        type.add(Sample.member(Binding.byDefault(Sum.class, adding("d", 4))));
        assertEquals(4, stub.sum(1, 2));
        Member own = Sample.intrinsic(adding("i", 5));
        type.add(own);
        assertEquals(5, stub.sum(1, 2));
        type.remove(own);
        assertEquals(4, stub.sum(1, 2));
    }

    @Test
    void anAnnouncementNeedsNobody() {
        EventType type = Sample.event(Packet.class, PATIENCE);
        ((Packet) type.stub()).packet(1, "a", new byte[0]);
        assertTrue(type.raisable());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theSameHandlerMayBeBoundSeveralTimesAndCarryAClosure(boolean refined) throws Exception {
        EventType type = Sample.event(Sum.class, PATIENCE);
        Sum stub = (Sum) type.stub();
        type.add(Sample.intrinsic(adding("i", 0)));
        Sum same = adding("s", 0);
        List<Member> members = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            int closure = i;
            members.add(Sample.member(Binding.handler(Sum.class, same)));
            members.add(Sample.member(Binding.handler(Sum.class, (a, b) -> {
                ran.add("c" + closure);
                return 0;
            })));
        }
        members.forEach(type::add);
        settle(type, refined);
        stub.sum(1, 1);
        assertEquals(List.of("s1,1", "c0", "s1,1", "c1", "s1,1", "c2", "i1,1"), ran);
        ran.clear();
        type.remove(members.get(2));
        type.remove(members.get(3));
        stub.sum(1, 1);
        assertEquals(List.of("s1,1", "c0", "s1,1", "c2", "i1,1"), ran);
    }

    @Test
    void aBindingMayBeForSomeOfTheMethods() {
        EventType type = Sample.event(Several.class, PATIENCE);
        Several stub = (Several) type.stub();
        type.add(Sample.intrinsic(new Several() {
            @Override
            public String name(byte b, char c, short s, boolean z, float f) {
                return "name";
            }

            @Override
            public int count() {
                return 1;
            }
        }));
        Several second = new Several() {
            @Override
            public String name(byte b, char c, short s, boolean z, float f) {
                throw new AssertionError("not bound");
            }

            @Override
            public int count() {
                return 2;
            }
        };
        type.add(Sample.member(Binding.handler(Several.class, second).order(Binding.LAST).methods("count")));
        assertEquals("name", stub.name((byte) 0, 'c', (short) 0, true, 0));
        assertEquals(4, stub.twice());
        assertTrue(assertThrows(BindingException.class,
                () -> type.add(Sample.member(Binding.handler(Several.class, second).methods("conut")))).getMessage()
                .contains("has no method conut; it has [count, name]"));
    }

    @Test
    void genericEventsPassEverything() throws Exception {
        EventType type = Sample.event(Generic.class, PATIENCE);
        @SuppressWarnings("unchecked")
        Generic<String> stub = (Generic<String>) type.stub();
        type.add(Sample.intrinsic(new Generic<String>() {
            @Override
            public <U> List<U> combine(String first, U[] others, int... more) throws IOException {
                if (more.length == 0) {
                    throw new IOException(first);
                }
                assertArrayEquals(new int[]{4, 5}, more);
                return List.of(others);
            }

            @Override
            public int compareTo(String other) {
                return other.length();
            }
        }));
        assertEquals(List.of(1, 2), stub.combine("x", new Integer[]{1, 2}, 4, 5));
        assertEquals(3, stub.compareTo("abc"));
        assertEquals("x", assertThrows(IOException.class, () -> stub.combine("x", new Integer[0])).getMessage());
    }

    /** A guard that takes wider types. */
    @FunctionalInterface
    public interface Wide {
        boolean test(CharSequence text, long a, double b, int c);
    }

    @Test
    void aGuardIsCheckedAgainstTheEvent() {
        EventType type = Sample.event(Note.class, PATIENCE);
        type.add(Sample.intrinsic((Note) (text, a, b, c) -> ran.add("i")));
        type.add(Sample.member(Binding.handler(Note.class, (text, a, b, c) -> ran.add("w"))
                .guard((Wide) (text, a, b, c) -> text.length() == 1)));
        ((Note) type.stub()).note("x", 1, 2, 3);
        ((Note) type.stub()).note("xx", 1, 2, 3);
        assertEquals(List.of("w", "i", "i"), ran);
        assertTrue(assertThrows(BindingException.class,
                () -> type.add(
                        Sample.member(Binding.handler(Note.class, (text, a, b, c) -> {}).guard((Both) (a, b) -> true))))
                .getMessage().contains("takes (String,long,double,int)"));
    }

    @Test
    void moreHandlersThanAShapeHolds() {
        EventType type = Sample.event(Sum.class, PATIENCE);
        Sum stub = (Sum) type.stub();
        type.add(Sample.intrinsic(adding("i", 0)));
        int[] count = {0};
        for (int i = 0; i < 1000; i++) {
            int even = i % 2;
            type.add(Sample.member(Binding.handler(Sum.class, (a, b) -> count[0]++).guard((Both) (a, b) -> even == a)));
        }
        stub.sum(0, 0);
        assertEquals(500, count[0]);
        assertEquals(1001, type.state().getFirst().bindings().size());
    }

    @Test
    void theIntrinsicHandlerAloneIsCalledDirectly() {
        EventType type = Sample.event(Sum.class, PATIENCE);
        Sum own = adding("i", 0);
        type.add(Sample.intrinsic(own));
        assertSame(own, type.family().plan());
    }

    @Test
    void wrongWishesAreRefusedWithWhatToDo() {
        Sum sum = (a, b) -> 0;
        for (Binding<?> wrong : List.of(Binding.handler(Sum.class, sum).order("soon"),
                Binding.handler(Sum.class, sum).async(0, Binding.WAIT),
                Binding.handler(Sum.class, sum).async(1, "never"),
                Binding.intrinsic(Sum.class, sum).order(Binding.FIRST),
                Binding.handler(Sum.class, sum).with(Binding.FILTERS, "0=x"),
                Binding.filter(Sum.class, sum), Binding.handler(Sum.class, sum).with(Binding.KEY, "port"),
                Binding.handler(Sum.class, sum).with(Binding.LIMIT, -1L),
                Binding.handler(Sum.class, sum).with(Binding.ROLE, "boss"))) {
            assertThrows(BindingException.class, () -> Sample.member(wrong), wrong::toString);
        }
    }
}
