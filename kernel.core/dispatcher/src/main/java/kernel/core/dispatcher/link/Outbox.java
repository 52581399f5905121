package kernel.core.dispatcher.link;

/** Takes calls that are to run later. Thread-safe; public for generated code. */
public interface Outbox {

    /** Takes one call. */
    void send(Runnable call);
}
