package kernel.ext.net.api;

import java.io.IOException;
import java.util.function.Consumer;

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

    /**
     * Whom to tell what became of datagrams that did not arrive, and that the network was stopped; in the stack's strand,
     * must not wait. Null: nobody.
     */
    void onTrouble(Consumer<NetworkException> listener);

    /** Gives the port back: the handler is not called any more. */
    @Override
    void close();
}
