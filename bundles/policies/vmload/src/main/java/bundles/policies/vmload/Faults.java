package bundles.policies.vmload;

import bundles.policies.vmload.Ranges.Mode;
import bundles.policies.vmload.Ranges.Range;
import kernel.core.dispatch.Binding;
import kernel.core.dispatch.Handler;
import kernel.core.machine.UserContext;
import kernel.core.memory.Access;
import kernel.core.memory.PhysAddr;
import kernel.core.memory.ProtectionFault;
import kernel.core.memory.TranslationContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * Sees protection faults in the ranges that are owned, in the strand that faulted, before anybody else is asked. It does not enable the
 * page itself: the memory service, asked next, does, and copies it first if a child has it as well. Thread-safe.
 */
@Component(service = ProtectionFault.class)
@Handler(order = Binding.FIRST, name = "vmload")
public final class Faults implements ProtectionFault {

    private final Ranges ranges;
    private final int page;

    /** Made by Declarative Services. */
    @Activate
    public Faults(@Reference Ranges ranges, @Reference PhysAddr memory) {
        this.ranges = ranges;
        page = memory.pageSize();
    }

    @Override
    public boolean protectionFault(UserContext context, long address, Access access) {
        Range range = ranges.of(context.translation());
        if (range == null || address < range.start || address >= range.end) {
            return false;
        }
        if (range.marked != 0) {
            range.arrived = System.nanoTime();
        }
        range.faults++;
        if (range.mode == Mode.ENABLE_AND_PROTECT) {
            long next = (address & -page) + page;
            context.translation().protect(next < range.end ? next : range.start, TranslationContext.READ);
        }
        return false;
    }
}
