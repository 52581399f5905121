package kernel.ext.net.api.tcp;

import kernel.core.dispatch.Event;
import kernel.ext.net.api.IpAddress;
import kernel.ext.net.api.Packet;

/**
 * What TCP does (RFC 9293 section 3.10): the user's calls, the segments, the timers. Handlers keep nothing between raises:
 * everything is in the {@link TcpTable}. Raised in the stack's strand; times are nanoseconds of the stack's time.
 */
@Event
public interface TcpProtocol {

    /** A segment came; {@link Packet#transport} is where it begins. */
    void segment(TcpTable table, Packet segment, long now);

    /** A connection's earliest deadline ({@link Tcb#deadline}) has come. */
    void timeout(Tcb tcb, long now);

    /** Begins a connection that the application asked for; both ends' addresses and ports are set. */
    void open(Tcb tcb, long now);

    /** There is something new to do for a connection: bytes to send, room to receive, or {@link Tcb#finQueued}. */
    void push(Tcb tcb, long now);

    /** Ends a connection at once, with a reset to the other side. */
    void abort(Tcb tcb, long now);

    /**
     * ICMP tells of a segment of ours that did not arrive.
     *
     * @param sequence of that segment
     * @param largest bytes above the network layer for which there is room where it was too big, or 0 if that is not what was
     *            wrong
     * @param reason what was wrong
     */
    void unreachable(TcpTable table, IpAddress local, int localPort, IpAddress remote, int remotePort, int sequence,
            int largest, String reason, long now);
}
