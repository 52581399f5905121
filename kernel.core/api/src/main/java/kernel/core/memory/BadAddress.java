package kernel.core.memory;

import kernel.core.dispatch.Event;
import kernel.core.dispatch.Event.Binders;
import kernel.core.dispatch.Event.Fold;
import kernel.core.machine.UserContext;

/**
 * Event: user code used an address that its address space does not have, or in a way that it does not allow. Raised by
 * whoever owns the address space (the virtual-memory service) when it cannot resolve a fault, for accesses that user code
 * made itself (SOSP'95 section 4.1).
 */
@Event(fold = Fold.ANY, binders = Binders.ANYONE)
public interface BadAddress {

    /**
     * @param context who
     * @param address virtual address, in bytes
     * @param access what was tried
     * @param allocated whether the address belongs to the space (then the access was forbidden) or not
     * @return whether user code may go on, at the context's program counter (a signal handler, say, or not at all because
     *         the context was stopped); {@code false}: nobody cared
     */
    boolean badAddress(UserContext context, long address, Access access, boolean allocated);
}
