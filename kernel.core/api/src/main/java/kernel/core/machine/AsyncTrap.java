package kernel.core.machine;

import kernel.core.dispatch.Event;
import kernel.core.dispatch.Event.Binders;

/** Event: somebody called {@link UserContext#requestAttention()}, and the context is between two instructions. */
@Event(binders = Binders.ANYONE)
public interface AsyncTrap {

    /** @param context who; it may be given a new program counter or be stopped */
    void deliver(UserContext context);
}
