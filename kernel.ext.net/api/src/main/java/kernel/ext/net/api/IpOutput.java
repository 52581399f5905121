package kernel.ext.net.api;

/** The way down for transports, of both families alike: the destination says which it is. Used in the stack's strand. */
public interface IpOutput {

    /** A buffer for a packet of so many bytes above the network layer, with room before it for what is below. */
    PacketBuffer take(int count);

    /**
     * Sends a packet; the buffer is the network layer's from now on. A packet that cannot be sent is counted and dropped.
     *
     * @param payload what the transport made
     * @param protocol of it
     * @param ttl hops that it may make
     * @param whole whether it may not be fragmented
     * @param now nanoseconds of the stack's time
     */
    void send(PacketBuffer payload, IpAddress source, IpAddress destination, int protocol, int ttl, boolean whole,
            long now);

    /**
     * Bytes above the network layer that can be sent there in one piece, as far as is known of the path; 0 if there is no
     * route.
     */
    int largest(IpAddress destination);

    /** The address that packets to there are sent from; null if there is no route. */
    IpAddress sourceFor(IpAddress destination);

    /** Whether the way there cannot change a packet, so that its transport's checksum need not be computed. */
    boolean intact(IpAddress destination);
}
