package bundles.policies.faults;

import kernel.core.dispatch.Binding;
import kernel.core.dispatch.Handler;
import kernel.core.machine.Syscall;
import kernel.core.machine.UserContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Reads and writes that are told to transfer less than the program asked for, which POSIX allows at any time. Thread-safe. */
@Component(service = Syscall.class)
@Handler(order = Binding.FIRST, guard = "due", name = "faults.short")
public final class ShortTransfers implements Syscall {

    private static final int LENGTH = 2;

    private final Plan plan;

    /** @param plan which calls */
    @Activate
    public ShortTransfers(@Reference Plan plan) {
        this.plan = plan;
    }

    /** Guard: whether a part is to be transferred. */
    public boolean due(UserContext context, int number) {
        return plan.fault(context, number) == Plan.Fault.SHORT;
    }

    @Override
    public void syscall(UserContext context, int number) {
        context.setArgument(LENGTH, plan.part(context));
    }
}
