package kernel.ext.net.api;

import kernel.core.dispatch.Event;
import kernel.core.dispatch.Key;

/**
 * The node of UDP datagrams and TCP segments that are diverted before their transport sees them, for who sends them on. Raised in
 * the stack's strand. The network binds on behalf of applications ({@link Network#divert}).
 */
@Event(fold = Event.Fold.ANY, unanswered = Event.Unanswered.FAIL)
public interface TransportDivert {

    /**
     * A packet whose transport's checksum is right has come.
     *
     * @param packet with addresses, and the transport's header at {@link Packet#transport}
     * @param door the diversion's: its protocol and port, {@link Diversion#door}
     * @param now nanoseconds of the stack's time
     * @return whether this handler has taken it; if it has not, the transport is given it
     */
    boolean received(Packet packet, @Key("door") int door, long now);
}
