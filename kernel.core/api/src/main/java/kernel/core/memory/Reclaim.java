package kernel.core.memory;

import kernel.core.dispatch.Event;
import kernel.core.dispatch.Event.Binders;
import kernel.core.dispatch.Event.Failure;
import kernel.core.dispatch.Event.Fold;
import kernel.core.dispatch.Event.Unanswered;

/**
 * Event: a frame is about to be taken from its owner. A handler may offer another frame that is less important to it (SPIN's
 * PhysAddr.Reclaim, SOSP'95 figure 3). An offer is a proposal: the frame that is offered must be one that may be taken away,
 * and its owner is asked as it would be for the candidate; if the owner does not give it, the candidate is taken after all. So
 * nobody needs a lock to offer a frame, which may meanwhile be another's.
 */
@Event(fold = Fold.BY, folder = "first", failure = Failure.CONTINUE, unanswered = Unanswered.FAIL,
        binders = Binders.ANYONE,
        stall = 1000)
public interface Reclaim {

    /**
     * May offer another frame.
     *
     * @param candidate what is to be taken; lent for the time of the call
     * @return a frame to be taken in its place, as it was allocated; {@code null} or the candidate: no offer
     */
    Frame reclaim(Frame candidate);

    /** The first offer counts. */
    static Frame first(Frame earlier, Frame later) {
        return earlier == null ? later : earlier;
    }
}
