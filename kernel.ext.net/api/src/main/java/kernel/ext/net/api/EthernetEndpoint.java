package kernel.ext.net.api;

import java.io.IOException;

/** An Ethernet type that an application has taken. Thread-safe. */
public interface EthernetEndpoint extends AutoCloseable {

    /** The type. */
    int type();

    /**
     * Sends a frame, with the interface's own address as its source. Does not wait: what finds no room is lost.
     *
     * @param by name of the interface
     * @param destination hardware address, 48 bits
     * @param bytes payload, lent while this runs; no longer than the interface's MTU
     * @throws IOException there is no such interface, or the payload is too long
     */
    void send(String by, long destination, byte[] bytes, int offset, int count) throws IOException;

    /**
     * Answers a frame, from within the handler that was given it.
     *
     * @throws IOException that frame is not being handled now, or the payload is too long
     */
    void answer(Packet frame, byte[] bytes, int offset, int count) throws IOException;

    /** Gives the type back; no call to the handler is under way then. */
    @Override
    void close();
}
