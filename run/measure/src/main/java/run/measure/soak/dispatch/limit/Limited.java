package run.measure.soak.dispatch.limit;

import kernel.core.dispatch.Event;

/** An event with handlers that are stopped at their limit. Public because a stub must implement it. */
@Event(tolerance = 0)
public interface Limited {

    /** What the handler that ran last gives. */
    long limited(long number);
}
