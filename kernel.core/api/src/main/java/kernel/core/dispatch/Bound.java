package kernel.core.dispatch;

/** A binding in force, as {@link Dispatcher#bind} gives it. Thread-safe. */
public interface Bound extends AutoCloseable {

    /**
     * Unbinds. When it returns no strand is inside the handler and none will enter it, with the exceptions that
     * {@link Event} names; calls which an asynchronous handler had outstanding have run. Closing again does nothing. A
     * bundle's bindings are closed when it stops.
     */
    @Override
    void close();

    /** Unbinds and returns at once; see {@link #close()}, which may still be called to wait. */
    void remove();

    /** Waits until all calls of an asynchronous handler that are outstanding now have run; at once for any other. */
    void drain() throws InterruptedException;
}
