package kernel.core.dispatcher;

import java.util.concurrent.TimeUnit;
import kernel.core.dispatch.Binding;
import kernel.core.dispatch.Dispatcher;
import org.osgi.framework.AllServiceListener;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceEvent;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.framework.hooks.service.EventListenerHook;
import org.osgi.framework.hooks.service.FindHook;

/**
 * Starts the dispatcher. An activator and not a component: its hooks must be in force before anything is asked for a
 * service, Declarative Services included.
 */
public final class Activator implements BundleActivator {

    /** Framework property: milliseconds that a raise waits for an absent intrinsic handler. */
    private static final String PATIENCE = "spin.event.wait";

    private static final String BINDINGS = "(|(" + Binding.ROLE + "=" + Binding.INTRINSIC + ")(" + Binding.ROLE + "="
            + Binding.HANDLER + "))";

    @Override
    public void start(BundleContext context) throws InvalidSyntaxException {
        String patience = context.getProperty(PATIENCE);
        EventTable table = new EventTable(context,
                TimeUnit.MILLISECONDS.toNanos(patience == null ? 5000 : Long.parseLong(patience)));
        context.registerService(new String[]{FindHook.class.getName(), EventListenerHook.class.getName()},
                new VisibilityHooks(context), null);
        context.addBundleListener((SynchronousBundleListener) table::bundleChanged);
        context.addServiceListener((AllServiceListener) event -> changed(table, event), BINDINGS);
        ServiceReference<?>[] present = context.getAllServiceReferences(null, BINDINGS);
        if (present != null) {
            for (ServiceReference<?> reference : present) {
                table.appeared(reference);
            }
        }
        context.registerService(Dispatcher.class, table, null);
    }

    private static void changed(EventTable table, ServiceEvent event) {
        switch (event.getType()) {
            case ServiceEvent.REGISTERED, ServiceEvent.MODIFIED -> table.appeared(event.getServiceReference());
            default -> table.vanished(event.getServiceReference());
        }
    }

    @Override
    public void stop(BundleContext context) {
        // The framework withdraws listeners, hooks and stubs, and releases what was obtained.
    }
}
