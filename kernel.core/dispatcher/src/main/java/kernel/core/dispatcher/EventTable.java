package kernel.core.dispatcher;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import kernel.core.dispatch.Binding;
import kernel.core.dispatch.Dispatcher;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;

/**
 * Keeps the events in step with the service registry. {@link #appeared} and {@link #vanished} are called by the
 * registry in whatever thread registers and unregisters, before that call returns.
 *
 * <p>The lock guards the maps; services are obtained and stubs registered outside it, because both run foreign code that
 * may register in turn.
 */
final class EventTable implements Dispatcher {

    private static final System.Logger LOG = System.getLogger(EventTable.class.getName());

    private final BundleContext context;
    private final long patience;
    private final Object lock = new Object();
    private final Map<Class<?>, EventType> types = new HashMap<>();
    private final Map<Class<?>, ServiceRegistration<?>> published = new HashMap<>();
    private final Map<ServiceReference<?>, Entry> entries = new HashMap<>();

    /** What became of one registration. */
    private record Entry(Bound bound, List<EventType> types, String fault) {}

    EventTable(BundleContext context, long patience) {
        this.context = context;
        this.patience = patience;
    }

    /** A binding was registered, or its properties changed. */
    void appeared(ServiceReference<?> reference) {
        Entry old;
        synchronized (lock) {
            old = entries.get(reference);
        }
        // A registration whose properties changed keeps the service that was obtained: it is released once.
        Object service = old != null && old.bound != null ? old.bound.service() : context.getService(reference);
        if (service == null && reference.getBundle() == null) {
            return; // it went while we looked
        }
        Entry now = service == null
                ? new Entry(null, List.of(), "its service cannot be had: see `scr:list` for why the component fails")
                : bind(reference, old, service);
        if (old != null) {
            old.types.stream().filter(t -> !now.types.contains(t)).forEach(t -> t.remove(old.bound));
        }
        synchronized (lock) {
            entries.put(reference, now);
        }
        if (now.fault != null) {
            LOG.log(System.Logger.Level.WARNING,
                    "A service of " + reference.getBundle() + " is not bound: " + now.fault);
        }
        now.types.forEach(this::publish);
    }

    private Entry bind(ServiceReference<?> reference, Entry old, Object service) {
        Bound bound = describe(reference, service);
        List<EventType> done = new ArrayList<>();
        try {
            for (String name : (String[]) reference.getProperty(Constants.OBJECTCLASS)) {
                EventType type = typeOf(reference.getBundle().loadClass(name));
                type.replace(old == null ? null : old.bound, bound);
                done.add(type);
            }
            return new Entry(bound, done, null);
        } catch (ClassNotFoundException | LinkageError | IllegalArgumentException | IllegalStateException e) {
            done.forEach(type -> type.remove(bound));
            return new Entry(bound, List.of(), e.getMessage());
        }
    }

    /** A binding is about to go. */
    void vanished(ServiceReference<?> reference) {
        Entry entry;
        synchronized (lock) {
            entry = entries.remove(reference);
        }
        if (entry != null) {
            entry.types.forEach(type -> type.remove(entry.bound));
            context.ungetService(reference);
        }
    }

    /** Withdraws the stubs whose provider, or whose interface, is gone for good. */
    void bundleChanged(BundleEvent event) {
        if (event.getType() != BundleEvent.UNINSTALLED && event.getType() != BundleEvent.UNRESOLVED) {
            return;
        }
        List<ServiceRegistration<?>> withdrawn = new ArrayList<>();
        synchronized (lock) {
            types.values().removeIf(type -> {
                boolean gone = event.getBundle().equals(FrameworkUtil.getBundle(type.type()))
                        || event.getType() == BundleEvent.UNINSTALLED
                                && type.orphanedBy(event.getBundle().getBundleId());
                if (gone) {
                    withdrawn.add(published.remove(type.type()));
                }
                return gone;
            });
        }
        withdrawn.stream().filter(Objects::nonNull).forEach(ServiceRegistration::unregister);
    }

    private EventType typeOf(Class<?> type) {
        synchronized (lock) {
            EventType known = types.get(type);
            if (known == null) {
                known = new EventType(type, patience);
                types.put(type, known);
            }
            return known;
        }
    }

    /** Publishes the stub of an event that has got its first intrinsic handler. */
    private void publish(EventType type) {
        synchronized (lock) {
            if (published.containsKey(type.type()) || !type.hasIntrinsic()) {
                return;
            }
            published.put(type.type(), null); // ours to do; the registration follows outside the lock
        }
        Map<String, Object> properties = Map.of(Binding.ROLE, Binding.STUB);
        ServiceRegistration<?> registration = context.registerService(type.type().getName(), type.stub(),
                FrameworkUtil.asDictionary(properties));
        boolean late;
        synchronized (lock) {
            late = types.get(type.type()) != type;
            if (!late) {
                published.put(type.type(), registration);
            }
        }
        if (late) {
            registration.unregister(); // the event went while its stub was being registered
        }
    }

    private static Bound describe(ServiceReference<?> reference, Object service) {
        String name = text(reference, Binding.NAME);
        return new Bound(service, text(reference, Binding.ROLE),
                name.isEmpty() ? service.getClass().getSimpleName() : name, text(reference, Binding.ORDER),
                text(reference, Binding.GUARD),
                reference.getProperty(Constants.SERVICE_RANKING) instanceof Integer rank ? rank : 0,
                (Long) reference.getProperty(Constants.SERVICE_ID), reference.getBundle().getSymbolicName(),
                reference.getBundle().getBundleId());
    }

    private static String text(ServiceReference<?> reference, String property) {
        return reference.getProperty(property) instanceof String text ? text : "";
    }

    @Override
    public List<EventState> events() {
        synchronized (lock) {
            List<EventState> all = new ArrayList<>();
            for (EventType type : types.values()) {
                all.addAll(type.state(List.of()));
            }
            entries.forEach((reference, entry) -> {
                if (entry.fault != null) {
                    String classes = String.join(", ", (String[]) reference.getProperty(Constants.OBJECTCLASS));
                    all.add(new EventState(classes, List.of(), List.of(reference.getBundle() + ": " + entry.fault)));
                }
            });
            all.sort(Comparator.comparing(EventState::name));
            return all;
        }
    }
}
