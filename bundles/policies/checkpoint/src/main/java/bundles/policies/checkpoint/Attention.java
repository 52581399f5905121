package bundles.policies.checkpoint;

import kernel.core.dispatch.Binding;
import kernel.core.dispatch.Handler;
import kernel.core.machine.AsyncTrap;
import kernel.core.machine.UserContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Serves what others have asked for, in the strand of the process, before signals are delivered. Thread-safe. */
@Component(service = AsyncTrap.class)
@Handler(order = Binding.FIRST, name = "checkpoint")
public final class Attention implements AsyncTrap {

    private final Service service;

    /** Made by Declarative Services. */
    @Activate
    public Attention(@Reference Service service) {
        this.service = service;
    }

    @Override
    public void deliver(UserContext context) {
        service.attend(context);
    }
}
