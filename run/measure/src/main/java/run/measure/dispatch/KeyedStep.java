package run.measure.dispatch;

import kernel.core.dispatch.Event;
import kernel.core.dispatch.Key;

/** An event with a key, such as a packet's port. Public because a stub must implement it. */
@Event
public interface KeyedStep {

    /** The next number after this one. */
    long step(long number, @Key("port") int port);
}
