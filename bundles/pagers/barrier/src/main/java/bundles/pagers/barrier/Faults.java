package bundles.pagers.barrier;

import bundles.pagers.barrier.Heaps.Heap;
import kernel.core.dispatch.Binding;
import kernel.core.dispatch.Handler;
import kernel.core.machine.UserContext;
import kernel.core.memory.Access;
import kernel.core.memory.PageNotPresent;
import kernel.core.memory.PhysAddr;
import kernel.core.memory.ProtectionFault;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * Notes pages of heaps that fault. It resolves nothing: the memory service, which is asked next, gives the page what the program's
 * region allows, and copies it first if a child has it as well. Thread-safe.
 */
@Component(service = {ProtectionFault.class, PageNotPresent.class})
@Handler(order = Binding.FIRST, name = "barrier")
public final class Faults implements ProtectionFault, PageNotPresent {

    private final Heaps heaps;
    private final int page;

    /** Made by Declarative Services. */
    @Activate
    public Faults(@Reference Heaps heaps, @Reference PhysAddr memory) {
        this.heaps = heaps;
        page = memory.pageSize();
    }

    @Override
    public boolean protectionFault(UserContext context, long address, Access access) {
        return access == Access.WRITE && note(context, address);
    }

    /** A page that comes, or comes back, is writable then: that it was written to cannot be excluded. */
    @Override
    public boolean pageNotPresent(UserContext context, long address, Access access) {
        return note(context, address);
    }

    private boolean note(UserContext context, long address) {
        Heap heap = heaps.of(context.translation());
        if (heap != null && address >= heap.start() && address < heap.end()) {
            heap.written().add(address & -page);
        }
        return false;
    }
}
