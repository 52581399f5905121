package run.measure.soak.dispatch;

import kernel.core.dispatch.Event;
import kernel.core.dispatch.Key;

/** An event with a key. Public because a stub must implement it. */
@Event(unanswered = Event.Unanswered.IGNORE)
public interface Keyed {

    /** Handlers leave their mark. */
    void seen(@Key("port") int port, Token token);
}
