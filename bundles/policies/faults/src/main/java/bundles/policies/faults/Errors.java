package bundles.policies.faults;

import kernel.core.dispatch.Binding;
import kernel.core.dispatch.Handler;
import kernel.core.machine.Syscall;
import kernel.core.machine.UserContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Calls that fail instead of being served: nobody after this handler sees them. Thread-safe. */
@Component(service = Syscall.class)
@Handler(order = Binding.FIRST, guard = "due", cancel = true, name = "faults.errors")
public final class Errors implements Syscall {

    /** Error numbers of Linux/Alpha. */
    private static final int EINTR = 4, ENOSPC = 28;

    private final Plan plan;

    /** @param plan which calls */
    @Activate
    public Errors(@Reference Plan plan) {
        this.plan = plan;
    }

    /** Guard: whether the call is to fail. */
    public boolean due(UserContext context, int number) {
        Plan.Fault fault = plan.fault(context, number);
        return fault == Plan.Fault.INTERRUPTED || fault == Plan.Fault.FULL;
    }

    @Override
    public void syscall(UserContext context, int number) {
        context.fail(plan.fault(context, number) == Plan.Fault.INTERRUPTED ? EINTR : ENOSPC);
    }
}
