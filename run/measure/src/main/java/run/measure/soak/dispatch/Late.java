package run.measure.soak.dispatch;

import kernel.core.dispatch.Event;

/** An event with asynchronous handlers. Public because a stub must implement it. */
@Event(unanswered = Event.Unanswered.IGNORE)
public interface Late {

    /** @param number of the call */
    void late(long number);
}
