package kernel.core.dispatcher.link;

import java.lang.invoke.MethodHandle;
import java.util.List;

/**
 * What a raise does for one binding. Immutable; public for generated code.
 */
public final class Step {

    /** {@link #flags}: when it has run, no later step is considered. */
    public static final int CANCEL = 1;
    /** {@link #flags}: its result is not the event's. */
    public static final int SILENT = 2;
    /** {@link #flags}: the event's own procedure; it answers every raise that reaches it. */
    public static final int INTRINSIC = 4;

    /**
     * One changed argument of a filter.
     *
     * @param method index of the event's method
     * @param parameter index of the parameter
     * @param function from the event's parameters to the parameter's type
     */
    public record Change(int method, int parameter, MethodHandle function) {}

    /**
     * One guard.
     *
     * @param target what it is called on
     * @param condition what is called
     */
    public record Test(Object target, Condition condition) {}

    /** Of the event's interface. */
    public final Object handler;
    /** Guards, asked in order. */
    public final List<Test> tests;
    /** How many guards there are. */
    public final int guards;
    /** Bits, see the constants. */
    public final int flags;
    /** Bit i: it takes part in the event's method i. */
    public final long methods;
    /** Empty unless it is a filter. */
    public final List<Change> changes;
    /** Whose step it is: for {@link Hooks}. */
    public final Object owner;

    /** @see Step */
    public Step(Object owner, Object handler, List<Test> tests, int flags, long methods, List<Change> changes) {
        this.owner = owner;
        this.handler = handler;
        this.tests = List.copyOf(tests);
        this.guards = tests.size();
        this.flags = flags;
        this.methods = methods;
        this.changes = List.copyOf(changes);
    }

    boolean has(int flag) {
        return (flags & flag) != 0;
    }

    boolean in(int method) {
        return (methods >>> method & 1) != 0;
    }

    /** Whether a guard is called on the handler itself. */
    boolean onHandler(Test test) {
        return test.target == handler;
    }

    /** What a guard is, for one of the event's methods; called by generated code. */
    public MethodHandle test(int guard, int method) {
        return tests.get(guard).condition.test(method);
    }

    /** The object that a guard is called on; called by generated code. */
    public Object target(int guard) {
        return tests.get(guard).target;
    }

    /** What distinguishes its code from another's. */
    void describe(StringBuilder shape) {
        for (Test test : tests) {
            shape.append(onHandler(test) ? 'h' : 't').append(test.condition.number);
        }
        shape.append('/').append(flags).append('/').append(methods);
        for (Change change : changes) {
            shape.append('/').append(change.method).append('.').append(change.parameter);
        }
        shape.append(';');
    }

    /** The function of a change, by its place; called by generated code. */
    public MethodHandle change(int index) {
        return changes.get(index).function;
    }
}
