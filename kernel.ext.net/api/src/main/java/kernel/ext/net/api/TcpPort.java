package kernel.ext.net.api;

import java.io.IOException;

/**
 * A TCP port that an application has taken and not used yet, or listens at. Thread-safe. Connections made from it, or
 * accepted, live on without it.
 */
public interface TcpPort extends AutoCloseable {

    /** The address it is at; {@link IpAddress#ANY} for all of ours. */
    IpAddress address();

    /** The port. */
    int port();

    /**
     * Accepts connections from now on; closing this ends it.
     *
     * @param backlog how many may wait to be accepted
     * @throws IOException somebody else does so there
     */
    TcpListener listen(int backlog) throws IOException;

    /**
     * Begins a connection without waiting for it: {@link TcpConnection#readiness} tells how far it is.
     *
     * @throws IOException there is no route, or there is this connection already
     */
    TcpConnection connect(IpAddress to, int toPort) throws IOException;

    /** Gives the port back. */
    @Override
    void close();
}
