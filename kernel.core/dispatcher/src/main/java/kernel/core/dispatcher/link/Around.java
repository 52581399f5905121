package kernel.core.dispatcher.link;

/** What is done around a call of a handler: timing, limiting. Thread-safe; public for generated code. */
public interface Around {

    /** Before the call. @return given to the other methods */
    long enter(int method);

    /** After it returned. */
    void leave(int method, long entered);

    /** After it threw. @return what is thrown in its place */
    Throwable failed(int method, long entered, Throwable failure);
}
