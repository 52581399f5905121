package kernel.ext.net.api.tcp;

import kernel.core.dispatch.Event;

/**
 * How fast a connection sends (RFC 5681): decides {@link Tcb#cwnd} and {@link Tcb#ssthresh}. What else it wants to remember of
 * a connection is in {@link Tcb#memory}, which a successor of another kind finds as it was left. Raised in the stack's strand.
 */
@Event
public interface CongestionControl {

    /** A connection is established: its first window. */
    void established(Tcb tcb, long now);

    /** New data was acknowledged while nothing was known to be lost; {@code bytes} of it. */
    void acknowledged(Tcb tcb, int bytes, long now);

    /** A loss was found by its acknowledgments; told once in a window. */
    void lost(Tcb tcb, long now);

    /** The retransmission timer ran out. */
    void timedOut(Tcb tcb, long now);

    /** All that was outstanding when the loss was found has arrived. */
    void recovered(Tcb tcb, long now);
}
