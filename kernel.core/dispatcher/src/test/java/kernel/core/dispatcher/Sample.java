package kernel.core.dispatcher;

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

    static synchronized Bound bound(Object service, String role, String name, String order, String guard, int rank) {
        return new Bound(service, role, name, order, guard, rank, ++sequence, "test", 1);
    }

    static Bound intrinsic(Object service) {
        return bound(service, Binding.INTRINSIC, "intrinsic", "", "", 0);
    }

    static Bound handler(Object service, String name, String order) {
        return bound(service, Binding.HANDLER, name, order, "", 0);
    }

    static Bound guarded(Object service, String name, String guard) {
        return bound(service, Binding.HANDLER, name, "", guard, 0);
    }
}
