package kernel.ext.net.api;

import java.io.IOException;
import kernel.ext.net.api.header.Ethernet;

/**
 * Active messages: a message that runs a handler at the other machine, in the strand that brings it, without waiting, and without
 * anything between Ethernet and the handler. They are lost, doubled and reordered as frames are. Thread-safe.
 */
public interface ActiveMessages {

    /** Bytes before what a message carries. */
    int HEADER = 8;
    /** Where in the packet that a handler is given what it carries begins. */
    int PAYLOAD = Ethernet.LENGTH + HEADER;

    /**
     * Takes a handler's number.
     *
     * @param handler 1 to 65535
     * @param name for people
     * @param receive runs in the strand that brings the message, and must not wait; may send and answer
     * @throws IOException the number is taken
     */
    Endpoint bind(int handler, String name, ActiveMessage receive) throws IOException;

    /**
     * Finds a machine by its IP address: the interface that leads there, and its hardware address, asking for it if need be.
     *
     * @param timeout nanoseconds
     * @throws IOException it is not near by an Ethernet interface, or does not answer
     */
    Peer find(IpAddress address, long timeout) throws IOException;

    /** What was counted: messages that came, those that nobody took, those that were damaged, those that were sent. */
    Counts counts();

    /**
     * A machine.
     *
     * @param by name of our interface
     * @param hardware address, 48 bits
     */
    record Peer(String by, long hardware) {}

    /** See {@link ActiveMessages#counts}. */
    record Counts(long received, long unwanted, long damaged, long sent) {}

    /** A handler's number. Thread-safe. */
    interface Endpoint extends AutoCloseable {

        /**
         * Sends a message.
         *
         * @param handler that is to run there, 1 to 65535
         * @param bytes lent while this runs; at most the interface's MTU less {@link #HEADER}
         * @throws IOException there is no such interface, or there are too many bytes
         */
        void send(Peer to, int handler, byte[] bytes, int offset, int count) throws IOException;

        /** Answers a message, from within its handler. */
        void answer(Packet message, int handler, byte[] bytes, int offset, int count) throws IOException;

        /** Gives the number back; no call to the handler is under way then. */
        @Override
        void close();
    }
}
