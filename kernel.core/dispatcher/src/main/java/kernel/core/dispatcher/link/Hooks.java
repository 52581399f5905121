package kernel.core.dispatcher.link;

/** What plans ask the event for when something is not as usual. Thread-safe. */
public interface Hooks {

    /**
     * Bindings were removed since the plan was made.
     *
     * @return what to call for the step; null if it has to be left out
     */
    Object resolve(Step step);

    /**
     * A step that is not the intrinsic handler's threw. Returns if the raise is to go on without it.
     *
     * @throws Throwable what the raiser gets
     */
    void failed(Step step, Throwable failure) throws Throwable;

    /** No step answered, and there is no default handler. Returns if that is as it should be. */
    void unanswered();
}
