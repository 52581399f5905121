package kernel.ext.vm.provider;

import kernel.core.dispatch.Binding;
import kernel.core.dispatch.Intrinsic;
import kernel.core.dispatch.NoHandlerException;
import kernel.core.machine.UserContext;
import kernel.core.memory.Access;
import kernel.core.memory.BadAddress;
import kernel.core.memory.OutOfMemory;
import kernel.core.memory.PageNotPresent;
import kernel.core.memory.ProtectionFault;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/**
 * Resolves the faults of address spaces; raises {@link BadAddress} for what it cannot. Runs in the faulting strand. When there is
 * no memory it raises {@link OutOfMemory}; if nobody does anything about that the program that needs a page is stopped: that is
 * said on the log, and whoever ran it sees it stop.
 *
 * <p>{@link BadAddress} is an optional reference: its stub appears with whoever provides it (UNIX), which needs the
 * processor, which needs the stubs of this component. Thread-safe.
 */
@Component
@Intrinsic
public final class FaultHandler implements PageNotPresent, ProtectionFault {

    private final System.Logger log = System.getLogger(FaultHandler.class.getName());
    private final VirtualMemory spaces;

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY, target = Binding.STUB_ONLY)
    volatile BadAddress badAddress;
    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY, target = Binding.STUB_ONLY)
    volatile OutOfMemory outOfMemory;

    /** @param spaces where spaces are found */
    @Activate
    public FaultHandler(@Reference VirtualMemory spaces) {
        this.spaces = spaces;
    }

    /**
     * Outside a framework.
     *
     * @param spaces where spaces are found
     * @param badAddress raised for what cannot be resolved
     */
    public FaultHandler(VirtualMemory spaces, BadAddress badAddress) {
        this(spaces);
        this.badAddress = badAddress;
    }

    @Override
    public boolean pageNotPresent(UserContext context, long address, Access access) {
        return fault(context, address, access);
    }

    @Override
    public boolean protectionFault(UserContext context, long address, Access access) {
        return fault(context, address, access);
    }

    private boolean fault(UserContext context, long address, Access access) {
        Space space = spaces.find(context.translation());
        if (space == null) {
            return false;
        }
        return switch (space.resolve(address, access)) {
            case RESOLVED -> true;
            case NOT_ALLOCATED -> bad(context, address, access, false);
            case FORBIDDEN -> bad(context, address, access, true);
            case EXHAUSTED -> exhausted(context, space);
        };
    }

    private boolean bad(UserContext context, long address, Access access, boolean allocated) {
        spaces.paging().failed.increment();
        BadAddress event = badAddress;
        return event != null && !context.kernelAccess() && event.badAddress(context, address, access, allocated);
    }

    private boolean exhausted(UserContext context, Space space) {
        spaces.paging().exhausted.increment();
        OutOfMemory event = outOfMemory;
        boolean handled = event != null;
        try {
            if (handled && event.outOfMemory(context)) {
                return true;
            }
        } catch (NoHandlerException e) {
            handled = false;
        }
        log.log(handled ? System.Logger.Level.DEBUG : System.Logger.Level.ERROR,
                "{0}: stopped, out of memory: it has {1} of the machine''s {2} page frames and"
                        + " none is free; give the machine more memory or end other programs",
                space.name(), space.resident(), spaces.frames());
        context.stop();
        return false;
    }
}
