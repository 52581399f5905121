package kernel.ext.net.api;

import kernel.core.dispatch.Event;
import kernel.core.dispatch.Key;

/** The node of frames that came by an Ethernet interface. Raised in the stack's strand. The network's own to bind. */
@Event(fold = Event.Fold.ANY, unanswered = Event.Unanswered.FAIL)
public interface EthernetReceive {

    /**
     * A frame for us, or to all, has come.
     *
     * @param frame from its Ethernet header on
     * @param type what it carries
     * @param now nanoseconds of the stack's time
     * @return whether this handler has taken it
     */
    boolean received(Packet frame, @Key("type") int type, long now);
}
