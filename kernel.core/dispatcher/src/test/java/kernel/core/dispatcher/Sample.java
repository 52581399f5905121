package kernel.core.dispatcher;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import kernel.core.dispatch.Binding;
import kernel.core.dispatch.Event;
import kernel.core.dispatch.Event.Fold;

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

    /** Cannot be folded by ANY. */
    @Event(fold = Fold.ANY)
    public interface Wrong {
        int ask(int question);
    }

    /** An event of its own dispatcher, of which all code can be stopped. */
    static EventType event(Class<?> type, long patience) {
        return new EventType(type, Surroundings.of(patience, TimeUnit.SECONDS.toNanos(2), c -> true));
    }

    /** Properties and values alternate. */
    static synchronized Member member(Object service, Object... properties) {
        Map<String, Object> map = new HashMap<>();
        for (int i = 0; i < properties.length; i += 2) {
            map.put((String) properties[i], properties[i + 1]);
        }
        map.putIfAbsent(Binding.ROLE, Binding.HANDLER);
        return new Member(service, Options.of(map::get, "handler"), List.of(), ++sequence, "test", 1);
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
