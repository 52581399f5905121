package kernel.core.dispatcher;

import java.util.Collection;
import java.util.Map;
import kernel.core.dispatch.Binding;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceEvent;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.hooks.service.EventListenerHook;
import org.osgi.framework.hooks.service.FindHook;
import org.osgi.framework.hooks.service.ListenerHook.ListenerInfo;

/**
 * Hides bindings from everyone but the dispatcher and the framework itself, so that whoever asks for a service of an
 * event's type gets its stub (OSGi Core 8, chapter 55).
 */
final class VisibilityHooks implements FindHook, EventListenerHook {

    private final BundleContext dispatcher;

    VisibilityHooks(BundleContext dispatcher) {
        this.dispatcher = dispatcher;
    }

    @Override
    public void find(BundleContext context, String name, String filter, boolean all,
            Collection<ServiceReference<?>> references) {
        if (!mayLook(context)) {
            references.removeIf(VisibilityHooks::isBinding);
        }
    }

    @Override
    public void event(ServiceEvent event, Map<BundleContext, Collection<ListenerInfo>> listeners) {
        if (isBinding(event.getServiceReference())) {
            listeners.keySet().removeIf(context -> !mayLook(context));
        }
    }

    private boolean mayLook(BundleContext context) {
        return context.equals(dispatcher) || context.getBundle().getBundleId() == 0;
    }

    private static boolean isBinding(ServiceReference<?> reference) {
        Object role = reference.getProperty(Binding.ROLE);
        return Binding.INTRINSIC.equals(role) || Binding.HANDLER.equals(role) || Binding.FILTER.equals(role)
                || Binding.DEFAULT.equals(role);
    }
}
