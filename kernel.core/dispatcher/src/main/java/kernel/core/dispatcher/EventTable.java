package kernel.core.dispatcher;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.ToLongFunction;
import kernel.core.dispatch.Authorizer.Decision;
import kernel.core.dispatch.Binding;
import kernel.core.dispatch.BindingException;
import kernel.core.dispatch.Dispatcher.EventState;
import org.osgi.framework.Bundle;
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
final class EventTable {

    private static final System.Logger LOG = System.getLogger(EventTable.class.getName());

    private final BundleContext context;
    private final Surroundings surroundings;
    private final Authority authority;
    private final ToLongFunction<Bundle> limits;
    private final AtomicLong sequence = new AtomicLong();
    private final Object lock = new Object();
    private final Map<Class<?>, EventType> types = new HashMap<>();
    private final Map<Class<?>, ServiceRegistration<?>> published = new HashMap<>();
    private final Map<ServiceReference<?>, Entry> entries = new HashMap<>();
    /** Bindings that came without the registry. */
    private final Set<BundleDispatcher.Held> held = ConcurrentHashMap.newKeySet();
    private final ReentrantLock measuring = new ReentrantLock();

    /** What became of one registration. */
    private record Entry(Object service, long sequence, Map<EventType, Member> members, String fault) {}

    /** @param limits gives the microseconds that a bundle's handlers may take where they set no limit, 0 for any time */
    EventTable(BundleContext context, Surroundings surroundings, Authority authority, ToLongFunction<Bundle> limits) {
        this.limits = limits;
        this.context = context;
        this.surroundings = surroundings;
        this.authority = authority;
    }

    long nextSequence() {
        return sequence.incrementAndGet();
    }

    // ---- bindings by the registry

    /** A binding was registered, or its properties changed. */
    void appeared(ServiceReference<?> reference) {
        Entry old;
        synchronized (lock) {
            old = entries.get(reference);
        }
        // A registration whose properties changed keeps the service that was obtained: it is released once.
        Object service = old != null && old.service != null ? old.service : context.getService(reference);
        if (service == null && reference.getBundle() == null) {
            return; // it went while we looked
        }
        Map<EventType, Member> before = old == null ? Map.of() : old.members;
        long place = old == null ? nextSequence() : old.sequence;
        Entry now = service == null
                ? new Entry(null, place, Map.of(),
                        "its service cannot be had: see `scr:list` for why the component fails")
                : bind(reference, service, place, before);
        before.forEach((type, member) -> {
            if (!now.members.containsKey(type)) {
                type.remove(member);
            }
        });
        synchronized (lock) {
            entries.put(reference, now);
        }
        if (now.fault != null && (old == null || !now.fault.equals(old.fault))) {
            LOG.log(System.Logger.Level.WARNING,
                    "A service of " + reference.getBundle() + " is not bound: " + now.fault);
        }
        now.members.keySet().forEach(this::arrived);
    }

    private Entry bind(ServiceReference<?> reference, Object service, long place, Map<EventType, Member> before) {
        Map<EventType, Member> done = new HashMap<>();
        try {
            Options options = Options.of(reference::getProperty, () -> BundleDispatcher.nameOf(service));
            for (String name : (String[]) reference.getProperty(Constants.OBJECTCLASS)) {
                EventType type = typeOf(reference.getBundle().loadClass(name));
                Member member = admit(type, service, options, reference.getBundle(), place);
                type.replace(before.get(type), member);
                done.put(type, member);
            }
            return new Entry(service, place, done, null);
        } catch (ClassNotFoundException | LinkageError | IllegalArgumentException | IllegalStateException e) {
            done.forEach((type, member) -> type.replace(member, null));
            return new Entry(service, place, Map.of(), e.getMessage());
        }
    }

    /** A binding is about to go. When this returns nobody is inside. */
    void vanished(ServiceReference<?> reference) {
        Entry entry;
        synchronized (lock) {
            entry = entries.remove(reference);
        }
        if (entry == null) {
            return;
        }
        entry.members.forEach((type, member) -> type.replace(member, null));
        if (context.getBundle(0).getState() != Bundle.STOPPING) {
            entry.members.forEach(EventType::quiesce);
        }
        if (entry.service != null) {
            context.ungetService(reference);
        }
    }

    // ---- bindings by the dispatcher's interface

    void keep(BundleDispatcher.Held one) {
        held.add(one);
    }

    void forget(BundleDispatcher.Held one) {
        held.remove(one);
    }

    /** Does something when raises that are under way now should be over. */
    void later(Runnable task) {
        if (!surroundings.background().isShutdown()) {
            surroundings.background().schedule(task, surroundings.drain(), TimeUnit.NANOSECONDS);
        }
    }

    /**
     * A member for somebody's wish.
     *
     * @throws BindingException it is not allowed
     */
    Member admit(EventType type, Object service, Options options, Bundle bundle, long place) {
        Decision decision = authority.decide(type, options, bundle);
        String name = bundle == null ? "system" : bundle.getSymbolicName();
        if (!decision.allowed()) {
            throw new BindingException(name + " may not bind " + options.name() + " to " + type.type().getName() + ": "
                    + decision.reason());
        }
        Options constrained = options.constrained(decision.order(), limit(options, decision.limit(), bundle),
                decision.async());
        return new Member(service, constrained, decision.guards(), place, name,
                bundle == null ? 0 : bundle.getBundleId());
    }

    /** What the authorizer said, or else the linker; negative for what the binding itself says. A filter's method has no limit. */
    private long limit(Options options, long decided, Bundle bundle) {
        if (decided >= 0 || options.limit() > 0 || options.role().equals(Binding.FILTER) || bundle == null) {
            return decided;
        }
        long usual = limits.applyAsLong(bundle);
        return usual == 0 ? decided : usual;
    }

    /** Authorizers have come, gone or changed: asks them about everything again. */
    void reauthorize() {
        List<ServiceReference<?>> references;
        synchronized (lock) {
            references = List.copyOf(entries.keySet());
        }
        references.stream().sorted().forEach(this::appeared);
        for (BundleDispatcher.Held one : held) {
            Member before = one.member;
            try {
                Member now = admit(one.type, one.service, one.options, one.bundle(), one.sequence);
                one.type.replace(before, now);
                one.member = now;
            } catch (BindingException e) {
                LOG.log(System.Logger.Level.WARNING, one + " is not bound any more: " + e.getMessage());
                one.member = null;
                if (before != null) {
                    one.type.remove(before);
                }
            }
        }
    }

    // ---- events

    /** Withdraws the stubs whose provider, or whose interface, is gone for good. */
    void bundleChanged(BundleEvent event) {
        if (event.getType() != BundleEvent.UNINSTALLED && event.getType() != BundleEvent.UNRESOLVED) {
            return;
        }
        List<ServiceRegistration<?>> withdrawn = new ArrayList<>();
        synchronized (lock) {
            types.values().removeIf(type -> {
                boolean gone = event.getBundle().equals(type.definer())
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

    /** @throws BindingException it is no event */
    EventType typeOf(Class<?> type) {
        synchronized (lock) {
            EventType known = types.get(type);
            if (known == null) {
                known = new EventType(type, surroundings);
                types.put(type, known);
            }
            return known;
        }
    }

    /** An event that somebody wants to raise. */
    EventType declared(Class<?> event) {
        EventType type = typeOf(event);
        arrived(type);
        return type;
    }

    /** Publishes the stub of an event that can be raised now. */
    void arrived(EventType type) {
        synchronized (lock) {
            if (published.containsKey(type.type()) || !type.raisable() || types.get(type.type()) != type) {
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

    private List<EventType> allTypes() {
        synchronized (lock) {
            return List.copyOf(types.values());
        }
    }

    List<EventState> events() {
        List<EventState> all = new ArrayList<>();
        List<EventType> known = allTypes();
        for (EventType type : known) {
            all.addAll(type.state());
        }
        synchronized (lock) {
            entries.forEach((reference, entry) -> {
                if (entry.fault != null) {
                    String classes = String.join(", ", (String[]) reference.getProperty(Constants.OBJECTCLASS));
                    all.add(new EventState(classes, List.of(), List.of(),
                            List.of(reference.getBundle() + ": " + entry.fault), null));
                }
            });
        }
        authority.faults(known)
                .forEach(fault -> all.add(new EventState("", List.of(), List.of(), List.of(fault), null)));
        all.sort(Comparator.comparing(EventState::name));
        return all;
    }

    List<EventState> measure(Duration time) throws InterruptedException {
        if (time.isNegative() || time.compareTo(Duration.ofMinutes(1)) > 0) {
            throw new IllegalArgumentException("A measurement takes up to a minute, not " + time);
        }
        measuring.lockInterruptibly();
        List<EventType> measured = allTypes();
        try {
            measured.forEach(type -> type.meter(true));
            TimeUnit.NANOSECONDS.sleep(time.toNanos());
            return events();
        } finally {
            if (!Recording.wantsTimes()) {
                measured.forEach(type -> type.meter(false));
            }
            measuring.unlock();
        }
    }

    /** While somebody records, handlers are timed. */
    void followRecording() {
        if (measuring.tryLock()) {
            try {
                boolean on = Recording.wantsTimes();
                allTypes().forEach(type -> type.meter(on));
            } finally {
                measuring.unlock();
            }
        }
    }

    int rearm(String event, String binding) {
        int count = 0;
        for (EventType type : allTypes()) {
            if (event.isEmpty() || type.type().getName().equals(event) || type.type().getSimpleName().equals(event)) {
                count += type.rearm(binding);
            }
        }
        return count;
    }
}
