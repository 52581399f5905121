package kernel.core.dispatcher.link;

import java.lang.invoke.MethodHandle;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The code of a guard, without the object that it is called on. Shapes have it as a constant, so that HotSpot inlines it; all
 * guards of one class and method share it. Immutable.
 */
public final class Condition {

    private static final AtomicInteger NUMBERS = new AtomicInteger();

    /** Distinguishes it from all others. */
    final int number = NUMBERS.incrementAndGet();
    /** For each of the event's methods: from an object and the event's parameters to {@code boolean}. */
    final List<MethodHandle> tests;
    private final MethodHandle[] byMethod;

    /** @param tests for each of the event's methods, with an object before the event's parameters */
    public Condition(List<MethodHandle> tests) {
        this.tests = tests.stream().map(t -> t.asType(t.type().changeParameterType(0, Object.class))).toList();
        byMethod = this.tests.toArray(MethodHandle[]::new);
    }

    /** The test for one of the event's methods; called by generated code. */
    public MethodHandle test(int method) {
        return byMethod[method];
    }
}
