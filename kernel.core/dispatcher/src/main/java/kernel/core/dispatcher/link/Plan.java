package kernel.core.dispatcher.link;

/** Base of generated plans with more than one step. Immutable; public for generated code. */
public abstract class Plan {

    /** In the order in which they run. */
    public final Step[] steps;
    /** Count of removals from the event when this was made: if it is higher now, a step may have been removed. */
    public final int removals;
    /** The default handler, or null. */
    public final Object fallback;
    private final Hooks hooks;

    /** Called by generated code. */
    protected Plan(Hooks hooks, Step[] steps, int removals, Object fallback) {
        this.hooks = hooks;
        this.steps = steps;
        this.removals = removals;
        this.fallback = fallback;
    }

    /** See {@link Hooks#resolve}. */
    public final Object resolve(int step) {
        return hooks.resolve(steps[step]);
    }

    /** See {@link Hooks#failed}. */
    public final void failed(int step, Throwable failure) throws Throwable {
        hooks.failed(steps[step], failure);
    }

    /** See {@link Hooks#unanswered}. */
    public final void unanswered() {
        hooks.unanswered();
    }
}
