package kernel.core.machine;

import java.io.IOException;
import java.nio.channels.ByteChannel;

/** The outside's own network, as a program of the machine's user sees it: what a gateway without rights relays to. Thread-safe. */
public interface HostSockets {

    /** A place where programs of the outside connect to. */
    interface Listener extends AutoCloseable {

        /** The port. */
        int port();

        /**
         * Waits for the next.
         *
         * @throws IOException it was closed, or failed
         */
        ByteChannel accept() throws IOException;

        @Override
        void close();
    }

    /**
     * Listens for programs of this host.
     *
     * @param port 1 to 65535 or 0 for any that is free
     * @throws IOException the port cannot be had; the message says why
     */
    Listener listen(int port) throws IOException;

    /**
     * Connects.
     *
     * @param address as text, a number
     * @param port 1 to 65535
     * @return blocking; closing it from elsewhere ends a call that waits
     */
    ByteChannel connect(String address, int port) throws IOException;

    /**
     * A socket for datagrams to and from one place: each write is one, each read is one.
     *
     * @param address as text, a number
     * @param port 1 to 65535
     */
    ByteChannel datagrams(String address, int port) throws IOException;

    /** Who answers for names out there: an address as text. */
    String resolver();

    /** Tells the other side of a channel that {@link #connect} or {@link Listener#accept} gave that no more comes. */
    void shutdownOutput(ByteChannel channel) throws IOException;
}
