package kernel.core.dispatch;

/**
 * The service properties by which a registration binds to an event, for those who register without Declarative
 * Services. {@link Intrinsic} and {@link Handler} set the same properties.
 */
public final class Binding {

    /** Property that makes a registration a binding: {@link #INTRINSIC} or {@link #HANDLER}. */
    public static final String ROLE = "kernel.event.role";
    /** {@link #ROLE} of the event's own procedure. */
    public static final String INTRINSIC = "intrinsic";
    /** {@link #ROLE} of a handler beside it. */
    public static final String HANDLER = "handler";
    /** {@link #ROLE} of the stub that the dispatcher publishes; nobody else may register it. */
    public static final String STUB = "stub";

    /**
     * Target filter for {@code @Reference(target = Binding.STUB_ONLY)}: the event's stub, even if the dispatcher starts
     * after the component that refers to it.
     */
    public static final String STUB_ONLY = "(" + ROLE + "=" + STUB + ")";

    /** Property: see {@link Handler#order()}. */
    public static final String ORDER = "kernel.event.order";
    /** {@link #ORDER}: before all others; among several, the one bound latest runs first. */
    public static final String FIRST = "first";
    /** {@link #ORDER}: after all others, the intrinsic handler included. */
    public static final String LAST = "last";
    /** {@link #ORDER} prefix: directly before the named binding. */
    public static final String BEFORE = "before:";
    /** {@link #ORDER} prefix: directly after the named binding. */
    public static final String AFTER = "after:";

    /** Property: see {@link Handler#guard()}. */
    public static final String GUARD = "kernel.event.guard";
    /** Property: see {@link Handler#name()}. */
    public static final String NAME = "kernel.event.name";

    private Binding() {}
}
