package kernel.ext.net.api;

import java.io.IOException;

/** A port for datagrams. Thread-safe. */
public interface UdpEndpoint extends AutoCloseable {

    /** The port. */
    int port();

    /**
     * Sends a datagram, from this port and an address of ours. The bytes are copied.
     *
     * @throws IOException there is no route, or it is longer than 65507 bytes
     */
    void send(IpAddress to, int port, byte[] bytes, int offset, int count) throws IOException;

    /** Gives the port back: the handler is not called any more. */
    @Override
    void close();
}
