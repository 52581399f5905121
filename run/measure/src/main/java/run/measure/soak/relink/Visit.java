package run.measure.soak.relink;

import kernel.core.dispatch.Event;

/** The event that is raised. Public because a stub must implement it. */
@Event
public interface Visit {

    /**
     * Leaves the visitor's mark.
     *
     * @param number of the raise; guards decide by it
     * @param trace of this raise
     * @return a value that only this visitor gives for this number
     */
    long visit(long number, Trace trace);
}
