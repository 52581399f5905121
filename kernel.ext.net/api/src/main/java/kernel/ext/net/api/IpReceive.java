package kernel.ext.net.api;

import kernel.core.dispatch.Event;
import kernel.core.dispatch.Key;

/** The node of whole IP packets for this host, of both families: the packet's addresses say which. Raised in the stack's strand. The network's own to bind. */
@Event(fold = Event.Fold.ANY, unanswered = Event.Unanswered.FAIL)
public interface IpReceive {

    /**
     * A packet for us has come; fragments were put together.
     *
     * @param packet with addresses, {@link Packet#network} and {@link Packet#transport}
     * @param protocol of its payload, 0 to 255
     * @param now nanoseconds of the stack's time
     * @return whether this handler has taken it; if none does the sender is told
     */
    boolean received(Packet packet, @Key("protocol") int protocol, long now);
}
