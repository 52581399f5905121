package kernel.ext.net.api;

import java.io.IOException;

/**
 * Ports whose packets an application is given before UDP or TCP see them: one that others know, and more behind it, which are the sources
 * of what it sends on. Thread-safe.
 */
public interface Diversion extends AutoCloseable {

    /** The port that others know. */
    int port();

    /** The first of the ports behind it. */
    int firstBack();

    /** How many there are. */
    int backs();

    /** What {@link TransportDivert} knows it by: protocol times 65536 and port. */
    int door();

    /**
     * Sends a packet on with other addresses and ports, from within the handler that was given it. Its checksum is changed by the
     * difference (RFC 1624), so what was damaged before is seen where it arrives; its hops get fewer.
     *
     * @param source one of our addresses
     * @param sourcePort one of this diversion's ports
     * @return false if the packet had no hops left
     * @throws IOException the packet is not being handled, or the source is not ours
     */
    boolean send(Packet packet, IpAddress source, int sourcePort, IpAddress destination, int destinationPort, long now)
            throws IOException;

    /** Gives the ports back; no call to the handler is under way then. */
    @Override
    void close();
}
