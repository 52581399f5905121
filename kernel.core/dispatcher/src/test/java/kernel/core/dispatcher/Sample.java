package kernel.core.dispatcher;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import kernel.core.dispatch.Binding;
import kernel.core.dispatch.Event;
import kernel.core.dispatch.Event.Failure;
import kernel.core.dispatch.Event.Fold;
import kernel.core.dispatch.Event.Unanswered;
import kernel.core.dispatch.Key;

/** Events and bindings that the tests share. */
public final class Sample {

    private static long sequence;

    private Sample() {}

    /** Without a result. */
    @Event
    public interface Note {
        void note(String text, long a, double b, int c);
    }

    /** With a result. */
    @Event
    public interface Sum {
        long sum(long a, int b);
    }

    /** Several methods, a default one, wide parameters and a reference result. */
    @Event
    public interface Several {
        String name(byte b, char c, short s, boolean z, float f);

        int count();

        default int twice() {
            return 2 * count();
        }
    }

    /** Asked in order until one agrees. */
    @Event(fold = Fold.ANY)
    public interface Ask {
        boolean ask(int question);
    }

    /** Asked in order until one refuses. */
    @Event(fold = Fold.ALL, unanswered = Unanswered.FAIL)
    public interface Agree {
        boolean agree(int question);
    }

    /** Results are added up; handlers' failures are left out. */
    @Event(fold = Fold.BY, folder = "add", unanswered = Unanswered.FAIL, failure = Failure.CONTINUE, tolerance = 3)
    public interface Total {
        long total(String of);

        static long add(long soFar, long next) {
            return soFar + next;
        }
    }

    /** To whom it may concern, with keys of several kinds. */
    @Event(unanswered = Unanswered.IGNORE)
    public interface Packet {
        void packet(@Key("port") int port, @Key("host") String host, byte[] data);

        /** A key that is computed. */
        @Key("size")
        static long size(int port, String host, byte[] data) {
            return data.length;
        }
    }

    /** One key of each primitive type. */
    @Event
    public interface Kinds {
        int kinds(@Key("z") boolean z, @Key("b") byte b, @Key("s") short s, @Key("c") char c, @Key("i") int i,
                @Key("l") long l, @Key("e") java.util.concurrent.TimeUnit e);
    }

    /** Runs later. */
    @Event(async = true, queue = 4, unanswered = Unanswered.IGNORE)
    public interface Later {
        void later(int number);
    }

    /** Handlers may not take longer than 20 ms. */
    @Event(stall = 20, tolerance = 2)
    public interface Prompt {
        int prompt(int number);
    }

    /** Type parameters, arrays and varargs, an inherited method, an exception that is an answer. */
    @Event
    public interface Generic<T extends Comparable<T>> extends Comparable<T> {
        <U> List<U> combine(T first, U[] others, int... more) throws java.io.IOException;
    }

    /** Cannot be folded by ANY. */
    @Event(fold = Fold.ANY)
    public interface Wrong {
        int ask(int question);
    }

    /** An event of its own dispatcher, of which all code can be stopped. */
    static EventType event(Class<?> type, long patience) {
        return new EventType(type, Surroundings.of(patience, TimeUnit.SECONDS.toNanos(2), c -> true));
    }

    /** The same, told of virtual threads. */
    static EventType event(Class<?> type, long patience, Supplier<Collection<Thread>> raisers) {
        Surroundings surroundings = Surroundings.of(patience, TimeUnit.SECONDS.toNanos(2), c -> true);
        surroundings.raisers().set(raisers);
        return new EventType(type, surroundings);
    }

    /** Properties and values alternate. */
    static synchronized Member member(Object service, Object... properties) {
        Map<String, Object> map = new HashMap<>();
        for (int i = 0; i < properties.length; i += 2) {
            map.put((String) properties[i], properties[i + 1]);
        }
        map.putIfAbsent(Binding.ROLE, Binding.HANDLER);
        return new Member(service, Options.of(map::get, () -> "handler"), List.of(), ++sequence, "test", 1);
    }

    /** A binding of the dispatcher's interface. */
    static synchronized Member member(Binding<?> binding) {
        Options options = Options.of(binding.properties()::get, () -> "handler");
        return new Member(binding.handler(), options, List.of(), ++sequence, "test", 1);
    }

    static Member intrinsic(Object service) {
        return member(service, Binding.ROLE, Binding.INTRINSIC, Binding.NAME, "intrinsic");
    }

    static Member handler(Object service, String name, String order) {
        return member(service, Binding.NAME, name, Binding.ORDER, order);
    }

    static Member guarded(Object service, String name, String guard) {
        return member(service, Binding.NAME, name, Binding.GUARD, guard);
    }
}
