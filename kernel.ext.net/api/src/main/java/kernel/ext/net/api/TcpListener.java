package kernel.ext.net.api;

import java.io.IOException;

/** A port at which connections are accepted. Thread-safe. */
public interface TcpListener extends AutoCloseable {

    /** The port. */
    int port();

    /**
     * Waits for the next connection.
     *
     * @throws IOException it was closed
     * @throws java.io.InterruptedIOException the calling strand was interrupted
     */
    TcpConnection accept() throws IOException;

    /**
     * The next connection, without waiting.
     *
     * @return null if there is none yet
     * @throws IOException it was closed, or the network was stopped
     */
    TcpConnection tryAccept() throws IOException;

    /** Whether a connection waits, or {@link #tryAccept} would throw. */
    boolean ready();

    /** Something runs when a connection has come or it was closed, in the stack's strand; it must not wait. Null: nothing. */
    void watch(Runnable watcher);

    /** Accepts no more; connections that nobody has accepted are reset. */
    @Override
    void close();
}
