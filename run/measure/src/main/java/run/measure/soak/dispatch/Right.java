package run.measure.soak.dispatch;

import kernel.core.dispatch.Event;

/** The other of two events whose handlers are swapped together. Public because a stub must implement it. */
@Event(unanswered = Event.Unanswered.IGNORE)
public interface Right {

    /** Handlers leave their mark. */
    void seen(Token token);
}
