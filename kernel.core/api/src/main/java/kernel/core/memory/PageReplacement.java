package kernel.core.memory;

import kernel.core.dispatch.Event;
import kernel.core.dispatch.Event.Binders;
import kernel.core.dispatch.Event.Failure;
import kernel.core.dispatch.Event.Unanswered;

/**
 * Event: memory is short, and somebody has to say which frame is to be taken from its owner. The intrinsic handler gives those a
 * second chance that were used. Another policy is a handler that runs first and cancels: it is in force as long as it is
 * bound. Policies are called one at a time, for one frame after the other; they must be quick, and keep what they like, but not
 * rely on having seen every frame. One that fails or answers nonsense is passed over: the oldest frame is taken then.
 */
@Event(failure = Failure.CONTINUE, unanswered = Unanswered.FAIL, binders = Binders.ANYONE, stall = 1000)
public interface PageReplacement {

    /**
     * Chooses.
     *
     * @param frames those that may be chosen
     * @return the number of one of them
     */
    int choose(ReclaimableFrames frames);
}
