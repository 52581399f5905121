package kernel.core.dispatcher;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import kernel.core.handoff.Handoff;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceFactory;
import org.osgi.framework.ServiceRegistration;

/** What stopped providers have left, by symbolic name. Thread-safe: concurrent maps. */
final class Handoffs implements ServiceFactory<Handoff> {

    private final Map<String, Map<String, Object>> left = new ConcurrentHashMap<>();

    /** Makes the service available. */
    static void register(BundleContext context) {
        Handoffs handoffs = new Handoffs();
        context.registerService(Handoff.class, handoffs, null);
        context.addBundleListener(event -> {
            if (event.getType() == BundleEvent.UNINSTALLED) {
                handoffs.left.remove(event.getBundle().getSymbolicName());
            }
        });
    }

    @Override
    public Handoff getService(Bundle bundle, ServiceRegistration<Handoff> registration) {
        String owner = bundle.getSymbolicName();
        return new Handoff() {
            @Override
            public void leave(String name, Object state) {
                Class<?> type = state.getClass();
                if (bundle.equals(FrameworkUtil.getBundle(type))) {
                    throw new IllegalArgumentException(type.getName() + " is a class of " + owner
                            + " itself, and goes with it: what is handed over must be of the JDK or of a bundle that it"
                            + " imports");
                }
                left.computeIfAbsent(owner, _ -> new ConcurrentHashMap<>()).put(name, state);
            }

            @Override
            public Object take(String name) {
                Map<String, Object> own = left.get(owner);
                return own == null ? null : own.remove(name);
            }
        };
    }

    @Override
    public void ungetService(Bundle bundle, ServiceRegistration<Handoff> registration, Handoff service) {
        // what was left stays
    }
}
