package run.measure.dispatch;

import kernel.core.dispatch.Event;

/** The event that is raised: one argument, one result. Public because a stub must implement it. */
@Event
public interface Step {

    /** The next number after this one. */
    long step(long number);
}
