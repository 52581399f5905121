package kernel.core.dispatcher;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.MutableCallSite;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import kernel.core.dispatch.Dispatcher.BindingState;
import kernel.core.dispatch.Dispatcher.EventState;
import kernel.core.dispatch.Event;
import kernel.core.dispatch.Event.Fold;
import kernel.core.dispatch.NoHandlerException;

/**
 * One event interface: its stub, its call sites (one for each method) and what is bound. {@link #add}, {@link #remove} and
 * {@link #replace} relink all sites in one step under the lock; raises read the sites without it.
 */
final class EventType {

    private static final System.Logger LOG = System.getLogger(EventType.class.getName());

    private final Class<?> type;
    private final Fold fold;
    private final long patience;
    private final List<Method> methods;
    private final List<MutableCallSite> sites = new ArrayList<>();
    private final Object stub;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition answered = lock.newCondition();
    private final List<Bound> bindings = new ArrayList<>();
    private List<Bound> order = List.of();
    private List<String> faults = List.of();
    private boolean linked;
    /** Id of the bundle whose intrinsic handler is or was last in force; -1 before there was one. */
    private long provider = -1;

    /**
     * @param type an interface with {@link Event}
     * @param patience how long a raise waits for an intrinsic handler, nanoseconds
     * @throws IllegalArgumentException it cannot be an event; the message says why and how to mend it
     */
    EventType(Class<?> type, long patience) {
        this.type = type;
        this.patience = patience;
        Event event = type.getAnnotation(Event.class);
        if (event == null || !type.isInterface() || !Modifier.isPublic(type.getModifiers())) {
            throw new IllegalArgumentException(type.getName() + " is no event: it must be a public interface with @"
                    + Event.class.getName());
        }
        fold = event.fold();
        methods = List.of(type.getMethods()).stream().filter(m -> Modifier.isAbstract(m.getModifiers()))
                .sorted(Comparator.comparing(Method::getName).thenComparing(Method::toString)).toList();
        for (Method method : methods) {
            if (fold == Fold.ANY && method.getReturnType() != boolean.class) {
                throw new IllegalArgumentException(method + " cannot be folded by ANY: its result must be boolean");
            }
            sites.add(new MutableCallSite(typeOf(method)));
        }
        stub = StubClass.create(type, methods, sites.stream().map(MutableCallSite::dynamicInvoker).toList());
    }

    /** What raisers call. */
    Object stub() {
        lock.lock();
        try {
            if (!linked) {
                relink(new ArrayList<>()); // nobody bound yet; most often somebody is, and this is never linked
            }
            return stub;
        } finally {
            lock.unlock();
        }
    }

    Class<?> type() {
        return type;
    }

    /** Whether the last intrinsic handler was that bundle's and there is none now: nobody else is known to provide one. */
    boolean orphanedBy(long bundleId) {
        lock.lock();
        try {
            return provider == bundleId && bindings.stream().noneMatch(Bound::intrinsic);
        } finally {
            lock.unlock();
        }
    }

    boolean hasIntrinsic() {
        lock.lock();
        try {
            return bindings.stream().anyMatch(Bound::intrinsic);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Binds.
     *
     * @throws IllegalArgumentException it does not fit; the message says why and how to mend it. Nothing was changed
     */
    void add(Bound bound) {
        replace(null, bound);
    }

    /** Unbinds; no raise that begins after the return runs it. */
    void remove(Bound bound) {
        replace(bound, null);
    }

    /** Replaces one binding by another in one step; either may be null. */
    void replace(Bound old, Bound now) {
        lock.lock();
        try {
            if (now != null) {
                check(now);
            }
            if (old != null) {
                bindings.remove(old);
            }
            if (now != null) {
                bindings.add(now);
            }
            List<String> found = new ArrayList<>();
            relink(found);
            found.forEach(fault -> LOG.log(System.Logger.Level.WARNING, type.getSimpleName() + ": " + fault));
            answered.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void check(Bound bound) {
        if (!type.isInstance(bound.service())) {
            throw new IllegalArgumentException(bound.name() + " does not implement " + type.getName()
                    + " as this event's users see it: two versions of its package are installed");
        }
        if (bound.intrinsic() && !bound.guard().isEmpty()) {
            throw new IllegalArgumentException(bound.name() + ": an intrinsic handler cannot have a guard");
        }
        if (!bound.guard().isEmpty()) {
            methods.forEach(method -> guard(bound, method));
        }
    }

    private void relink(List<String> found) {
        order = Order.of(bindings, found);
        faults = List.copyOf(found);
        linked = true;
        boolean answerable = false;
        for (Bound bound : order) {
            if (bound.intrinsic()) {
                answerable = true;
                provider = bound.bundleId();
            }
        }
        for (int i = 0; i < sites.size(); i++) {
            Method method = methods.get(i);
            sites.get(i).setTarget(answerable
                    ? Linker.link(typeOf(method), fold, order.stream().map(bound -> step(bound, method)).toList())
                    : waiting(sites.get(i)));
        }
        MutableCallSite.syncAll(sites.toArray(MutableCallSite[]::new));
    }

    private Linker.Step step(Bound bound, Method method) {
        return new Linker.Step(handle(bound, method).asType(typeOf(method)),
                bound.guard().isEmpty() ? null : guard(bound, method));
    }

    private static MethodHandle handle(Bound bound, Method method) {
        try {
            return MethodHandles.privateLookupIn(method.getDeclaringClass(), MethodHandles.lookup()).unreflect(method)
                    .bindTo(bound.service());
        } catch (IllegalAccessException e) {
            throw new IllegalArgumentException(method + " cannot be called: its interface must be public and in an "
                    + "exported package", e);
        }
    }

    private static MethodHandle guard(Bound bound, Method event) {
        Class<?> owner = bound.service().getClass();
        try {
            return MethodHandles.privateLookupIn(owner, MethodHandles.lookup())
                    .findVirtual(owner, bound.guard(), typeOf(event).changeReturnType(boolean.class))
                    .bindTo(bound.service());
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException("guard \"" + bound.guard() + "\" of " + bound.name()
                    + ": there is no method boolean " + bound.guard()
                    + typeOf(event).toString().replaceAll("\\)\\w+", ")")
                    + " in " + owner.getName(), e);
        }
    }

    /** What a raise does while there is no intrinsic handler: wait for one, then raise again. */
    private MethodHandle waiting(MutableCallSite site) {
        try {
            MethodHandle pause = MethodHandles.lookup()
                    .findVirtual(EventType.class, "awaitIntrinsic", MethodType.methodType(void.class)).bindTo(this);
            return MethodHandles.foldArguments(site.dynamicInvoker(), pause);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    private void awaitIntrinsic() {
        long left = patience;
        lock.lock();
        try {
            while (order.stream().noneMatch(Bound::intrinsic)) {
                if (left <= 0) {
                    throw new NoHandlerException("Nobody answers " + type.getName() + ": its intrinsic handler was "
                            + "waited for " + TimeUnit.NANOSECONDS.toMillis(patience)
                            + " ms. See `events " + type.getSimpleName() + "`, and start or install its provider");
                }
                left = answered.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new NoHandlerException("Nobody answers " + type.getName()
                    + ", and the strand was interrupted while it waited for its intrinsic handler");
        } finally {
            lock.unlock();
        }
    }

    /** What is bound, for each method; {@code more} are faults that the caller knows of. */
    List<EventState> state(List<String> more) {
        lock.lock();
        try {
            List<String> all = new ArrayList<>(faults);
            all.addAll(more);
            List<BindingState> bound = order.stream()
                    .map(b -> new BindingState(b.name(), b.role(), b.order(), b.guard(),
                            b.bundle(), b.bundleId()))
                    .toList();
            return methods.stream().map(m -> new EventState(type.getName() + "." + m.getName(), bound, all)).toList();
        } finally {
            lock.unlock();
        }
    }

    private static MethodType typeOf(Method method) {
        return MethodType.methodType(method.getReturnType(), method.getParameterTypes());
    }
}
