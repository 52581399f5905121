package kernel.ext.net.api;

import kernel.core.dispatch.Event;
import kernel.core.dispatch.Key;

/**
 * The node of UDP datagrams for this host. Raised in the stack's strand. The network binds on behalf of applications
 * ({@link Network#bind}), each for the port that it was given, so that nobody sees datagrams which are not his.
 */
@Event(fold = Event.Fold.ANY, unanswered = Event.Unanswered.FAIL)
public interface UdpReceive {

    /**
     * A datagram whose checksum is right has come.
     *
     * @param packet with the datagram at {@link Packet#transport}
     * @param port that it is for
     * @param now nanoseconds of the stack's time
     * @return whether this handler has taken it; if none does the sender is told
     */
    boolean received(Packet packet, @Key("port") int port, long now);
}
