package run.measure.dispatch;

import kernel.core.dispatch.Event;

/** An event whose handlers' results are folded into one. Public because a stub must implement it. */
@Event(fold = Event.Fold.BY, folder = "mix")
public interface FoldedStep {

    /** A number that follows from this one and the handler. */
    long step(long number);

    /** The folder: depends on the order of the results, so that a wrong order shows. */
    static long mix(long soFar, long next) {
        return soFar * 31 + next;
    }
}
