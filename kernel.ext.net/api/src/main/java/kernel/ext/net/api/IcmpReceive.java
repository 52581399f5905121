package kernel.ext.net.api;

import kernel.core.dispatch.Event;
import kernel.core.dispatch.Key;

/** The node of ICMP messages for this host. Raised in the stack's strand. The network's own to bind. */
@Event(fold = Event.Fold.ANY, unanswered = Event.Unanswered.FAIL)
public interface IcmpReceive {

    /**
     * A message whose checksum is right has come.
     *
     * @param packet with the message at {@link Packet#transport}
     * @param type of the message
     * @param now nanoseconds of the stack's time
     * @return whether this handler has taken it
     */
    boolean received(Packet packet, @Key("type") int type, long now);
}
