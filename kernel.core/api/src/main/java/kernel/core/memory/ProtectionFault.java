package kernel.core.memory;

import kernel.core.dispatch.Event;
import kernel.core.dispatch.Event.Binders;
import kernel.core.dispatch.Event.Fold;
import kernel.core.machine.UserContext;

/**
 * Event: user code tried what the protection of a mapped page forbids.
 * Raised by the strand that faulted, with the program counter at the instruction; handlers are asked
 * until one has resolved it (SOSP'95 section 4.1).
 */
@Event(fold = Fold.ANY, binders = Binders.ANYONE)
public interface ProtectionFault {

    /**
     * @param context who; for an access that the kernel makes for it, the one it is made for
     * @param address virtual address, in bytes
     * @param access what was tried
     * @return whether it was resolved, so that the access is tried again; if not, user code does not go on: an access of
     *         the kernel ends short
     */
    boolean protectionFault(UserContext context, long address, Access access);
}
