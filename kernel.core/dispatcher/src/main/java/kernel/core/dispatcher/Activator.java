package kernel.core.dispatcher;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import kernel.core.dispatch.Authorizer;
import kernel.core.dispatch.Binding;
import kernel.core.dispatch.Dispatcher;
import kernel.core.dispatch.Raisers;
import org.osgi.framework.AllServiceListener;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceEvent;
import org.osgi.framework.ServiceFactory;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.framework.hooks.service.EventListenerHook;
import org.osgi.framework.hooks.service.FindHook;
import org.osgi.framework.hooks.weaving.WeavingHook;
import org.osgi.util.tracker.ServiceTracker;
import org.osgi.util.tracker.ServiceTrackerCustomizer;

/**
 * Starts the dispatcher. An activator and not a component: its hooks must be in force before anything is asked for a
 * service, Declarative Services included.
 */
public final class Activator implements BundleActivator {

    /** Framework property: milliseconds that a raise waits for an absent intrinsic handler. */
    private static final String PATIENCE = "spin.event.wait";
    /** Framework property: milliseconds that an unbinding waits for strands to leave the handler. */
    private static final String DRAIN = "spin.event.drain";
    /** Framework property: milliseconds that the activator of a bundle which is not trusted may take. */
    private static final String START = "spin.domain.start";
    /** Whether a thread of its own makes plans fast: it takes locks for moments, at times that are not the same in each run. */
    private static final String BACKGROUND = "spin.event.background";

    private static final String BINDINGS = "(|(" + Binding.ROLE + "=" + Binding.INTRINSIC + ")(" + Binding.ROLE + "="
            + Binding.HANDLER + ")(" + Binding.ROLE + "=" + Binding.FILTER + ")(" + Binding.ROLE + "=" + Binding.DEFAULT
            + "))";

    private final Map<Bundle, BundleDispatcher> dispatchers = new ConcurrentHashMap<>();
    private Surroundings surroundings;
    /** Whether this has stopped: the framework withdraws its services before its listeners. */
    private volatile boolean stopped;
    private ServiceTracker<Raisers, Raisers> raisers;
    private Strangers strangers;

    @Override
    public void start(BundleContext context) throws InvalidSyntaxException {
        strangers = new Strangers(context, milliseconds(context, START, 10_000));
        Weaver weaver = new Weaver(strangers);
        surroundings = Surroundings.of(milliseconds(context, PATIENCE, 5000), milliseconds(context, DRAIN, 5000),
                weaver::stoppable);
        if ("no".equals(context.getProperty(BACKGROUND))) {
            surroundings.background().shutdown(); // whoever has work for it asks whether it takes any
        }
        Authority authority = new Authority();
        EventTable table = new EventTable(context, surroundings, authority,
                strangers::limit);
        context.registerService(new String[]{FindHook.class.getName(), EventListenerHook.class.getName()},
                new VisibilityHooks(context), null);
        context.registerService(WeavingHook.class, weaver, null);
        context.addBundleListener((SynchronousBundleListener) event -> bundleChanged(table, event));
        context.addServiceListener((AllServiceListener) event -> changed(table, event), BINDINGS);
        trackAuthorizers(context, authority, table);
        trackRaisers(context);
        ServiceReference<?>[] present = context.getAllServiceReferences(null, BINDINGS);
        if (present != null) {
            Arrays.sort(present, java.util.Comparator.comparing(r -> (Long) r.getProperty("service.id")));
            for (ServiceReference<?> reference : present) {
                table.appeared(reference);
            }
        }
        Handoffs.register(context);
        context.registerService(Dispatcher.class, new ServiceFactory<Dispatcher>() {
            @Override
            public Dispatcher getService(Bundle bundle, ServiceRegistration<Dispatcher> registration) {
                return dispatchers.computeIfAbsent(bundle, b -> new BundleDispatcher(table, b));
            }

            @Override
            public void ungetService(Bundle bundle, ServiceRegistration<Dispatcher> registration, Dispatcher service) {
                // what is bound stays until the bundle stops or unbinds it
            }
        }, null);
        if (!surroundings.background().isShutdown()) {
            surroundings.background().scheduleWithFixedDelay(table::followRecording, 2, 2, TimeUnit.SECONDS);
        }
    }

    private static long milliseconds(BundleContext context, String property, long usual) {
        String value = context.getProperty(property);
        return TimeUnit.MILLISECONDS.toNanos(value == null ? usual : Long.parseLong(value));
    }

    private static void trackAuthorizers(BundleContext context, Authority authority, EventTable table) {
        new ServiceTracker<Authorizer, Authorizer>(context, Authorizer.class,
                new ServiceTrackerCustomizer<Authorizer, Authorizer>() {
                    @Override
                    public Authorizer addingService(ServiceReference<Authorizer> reference) {
                        Authorizer authorizer = context.getService(reference);
                        authority.put(reference, authorizer);
                        table.reauthorize();
                        return authorizer;
                    }

                    @Override
                    public void modifiedService(ServiceReference<Authorizer> reference, Authorizer authorizer) {
                        authority.put(reference, authorizer);
                        table.reauthorize();
                    }

                    @Override
                    public void removedService(ServiceReference<Authorizer> reference, Authorizer authorizer) {
                        authority.remove(reference); // what it allowed stays
                        context.ungetService(reference);
                    }
                }).open();
    }

    /** Virtual threads can be looked at only by who knows them. */
    private void trackRaisers(BundleContext context) {
        raisers = new ServiceTracker<>(context, Raisers.class, null);
        raisers.open();
        surroundings.raisers().set(() -> {
            List<Thread> threads = new ArrayList<>();
            for (Raisers some : raisers.getServices(new Raisers[0])) {
                threads.addAll(some.threads());
            }
            return threads;
        });
    }

    private void bundleChanged(EventTable table, BundleEvent event) {
        if (event.getType() == BundleEvent.STOPPING || event.getType() == BundleEvent.STOPPED) {
            BundleDispatcher dispatcher = dispatchers.remove(event.getBundle());
            if (dispatcher != null) {
                dispatcher.release();
            }
        }
        strangers.bundleChanged(event, surroundings.background());
        table.bundleChanged(event);
    }

    private void changed(EventTable table, ServiceEvent event) {
        if (stopped) {
            return; // somebody's binding goes since our services do
        }
        switch (event.getType()) {
            case ServiceEvent.REGISTERED, ServiceEvent.MODIFIED -> table.appeared(event.getServiceReference());
            default -> table.vanished(event.getServiceReference());
        }
    }

    @Override
    public void stop(BundleContext context) {
        stopped = true;
        // The framework withdraws listeners, hooks and stubs, and releases what was obtained.
        raisers.close();
        strangers.close();
        surroundings.background().shutdownNow();
    }
}
