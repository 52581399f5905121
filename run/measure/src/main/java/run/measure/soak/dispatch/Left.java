package run.measure.soak.dispatch;

import kernel.core.dispatch.Event;

/** One of two events whose handlers are swapped together. Public because a stub must implement it. */
@Event(unanswered = Event.Unanswered.IGNORE)
public interface Left {

    /** Handlers leave their mark. */
    void seen(Token token);
}
