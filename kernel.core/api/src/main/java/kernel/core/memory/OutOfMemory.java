package kernel.core.memory;

import kernel.core.dispatch.Event;
import kernel.core.dispatch.Event.Binders;
import kernel.core.dispatch.Event.Fold;
import kernel.core.dispatch.Event.Unanswered;
import kernel.core.machine.UserContext;

/**
 * Event: a page is needed, no frame is free, and none can be taken away: memory and swap space are used up. Raised by the
 * virtual-memory service in the strand that needs the page, with no lock held. A handler ends somebody.
 */
@Event(fold = Fold.ANY, unanswered = Unanswered.FAIL, binders = Binders.ANYONE)
public interface OutOfMemory {

    /**
     * @param context who needs a page; for an access that the kernel makes for it, the one it is made for
     * @return whether memory may have become free, so that the access is tried again; {@code false}: the context is stopped
     */
    boolean outOfMemory(UserContext context);
}
