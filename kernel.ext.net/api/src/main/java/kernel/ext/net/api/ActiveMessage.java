package kernel.ext.net.api;

import kernel.core.dispatch.Event;
import kernel.core.dispatch.Key;

/**
 * The node of active messages (von Eicken et al., ISCA 1992): each names the handler that is to run. Raised in the strand that brings the
 * message. Its owner binds for applications: {@link ActiveMessages}.
 */
@Event(fold = Event.Fold.ANY)
public interface ActiveMessage {

    /**
     * A message has come.
     *
     * @param message with what it carries from {@link ActiveMessages#PAYLOAD}
     * @param handler which one it names
     * @param count how many bytes it carries
     * @param now nanoseconds of the stack's time
     * @return whether this handler has taken it
     */
    boolean received(Packet message, @Key("handler") int handler, int count, long now);
}
