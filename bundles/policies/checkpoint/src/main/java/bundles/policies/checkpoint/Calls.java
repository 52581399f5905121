package bundles.policies.checkpoint;

import kernel.core.dispatch.Binding;
import kernel.core.dispatch.Handler;
import kernel.core.machine.Syscall;
import kernel.core.machine.UserContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * System calls of this extension's own:
 * <dl>
 * <dt>20030 (path)
 * <dd>writes the calling process to a file; answers 0, and 1 to the process that is restarted from it
 * <dt>20031 (path)
 * <dd>makes the calling process the one that a file has; does not return then
 * </dl>
 * EINVAL: it cannot be done, and the log says why. Thread-safe.
 */
@Component(service = Syscall.class)
@Handler(order = Binding.FIRST, cancel = true, name = "checkpoint", key = {"number=20030", "number=20031"})
public final class Calls implements Syscall {

    private final Service service;

    /** Made by Declarative Services. */
    @Activate
    public Calls(@Reference Service service) {
        this.service = service;
    }

    @Override
    public void syscall(UserContext context, int number) {
        service.syscall(context, number);
    }
}
