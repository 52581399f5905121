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

    /** Accepts no more; connections that nobody has accepted are reset. */
    @Override
    void close();
}
