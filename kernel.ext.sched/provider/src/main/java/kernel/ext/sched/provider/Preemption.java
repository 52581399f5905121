package kernel.ext.sched.provider;

import kernel.core.dispatch.Handler;
import kernel.core.machine.AsyncTrap;
import kernel.core.machine.UserContext;
import kernel.core.strand.Strands;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Gives way in the name of user code, which was asked to come to its next instruction boundary for that. */
@Component
@Handler(name = "scheduler")
public final class Preemption implements AsyncTrap {

    private final Strands strands;

    /** As a component. */
    @Activate
    public Preemption(@Reference Strands strands) {
        this.strands = strands;
    }

    @Override
    public void deliver(UserContext context) {
        strands.checkpoint();
    }
}
