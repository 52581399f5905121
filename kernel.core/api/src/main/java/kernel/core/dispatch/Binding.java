package kernel.core.dispatch;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * One binding of an object to an event, to be given to {@link Dispatcher#bind}; and the service properties by which a
 * registration binds to an event, for those who register without Declarative Services. {@link Intrinsic}, {@link Handler},
 * {@link Filter} and {@link Default} set the same properties. Immutable; the same binding may be bound several times.
 *
 * <pre>{@code
 * dispatcher.bind(Binding.handler(Receive.class, (packet, port) -> count++)
 *         .key("port", 80).guard((IntObjPredicate) (packet, port) -> packet.length() > 60).order(Binding.FIRST));
 * }</pre>
 *
 * @param <E> the event's interface
 */
public final class Binding<E> {

    /** Property that makes a registration a binding: one of the roles. */
    public static final String ROLE = "kernel.event.role";
    /** {@link #ROLE} of the event's own procedure. */
    public static final String INTRINSIC = "intrinsic";
    /** {@link #ROLE} of a handler beside it. */
    public static final String HANDLER = "handler";
    /** {@link #ROLE} of a handler that changes what later ones see. */
    public static final String FILTER = "filter";
    /** {@link #ROLE} of a handler that runs when no other did. */
    public static final String DEFAULT = "default";
    /** {@link #ROLE} of the stub that the dispatcher publishes; nobody else may register it. */
    public static final String STUB = "stub";

    /**
     * Target filter for {@code @Reference(target = Binding.STUB_ONLY)}: the event's stub, even if the dispatcher starts
     * after the component that refers to it.
     */
    public static final String STUB_ONLY = "(" + ROLE + "=" + STUB + ")";

    /** Property: see {@link Handler#order()}. */
    public static final String ORDER = "kernel.event.order";
    /** {@link #ORDER}: before all others; among several, the one bound latest runs first. */
    public static final String FIRST = "first";
    /** {@link #ORDER}: after all others, the intrinsic handler included. */
    public static final String LAST = "last";
    /** {@link #ORDER} prefix: directly before the named binding. */
    public static final String BEFORE = "before:";
    /** {@link #ORDER} prefix: directly after the named binding. */
    public static final String AFTER = "after:";

    /** Property: see {@link Handler#guard()}. */
    public static final String GUARD = "kernel.event.guard";
    /** Property, one or several: see {@link Handler#key()}. */
    public static final String KEY = "kernel.event.key";
    /** Property, one or several: see {@link Filter#filter()}. */
    public static final String FILTERS = "kernel.event.filter";
    /** Property, one or several: see {@link Handler#methods()}. */
    public static final String METHODS = "kernel.event.methods";
    /** Property, Boolean: see {@link Handler#cancel()}. */
    public static final String CANCEL = "kernel.event.cancel";
    /** Property, Boolean: see {@link Handler#async()}. */
    public static final String ASYNC = "kernel.event.async";
    /** Property, Integer: see {@link Handler#queue()}. */
    public static final String QUEUE = "kernel.event.queue";
    /** Property: see {@link Handler#overflow()}. */
    public static final String OVERFLOW = "kernel.event.overflow";
    /** {@link #OVERFLOW}: the raiser waits for room. */
    public static final String WAIT = "wait";
    /** {@link #OVERFLOW}: the call is left out, and counted. */
    public static final String DROP = "drop";
    /** {@link #OVERFLOW}: the raiser runs the handler itself. */
    public static final String RUN = "run";
    /** {@link #OVERFLOW}: the raiser gets a {@link QueueFullException}. */
    public static final String FAIL = "fail";
    /** Property, Long: see {@link Handler#limit()}. */
    public static final String LIMIT = "kernel.event.limit";
    /** Property: see {@link Handler#name()}. */
    public static final String NAME = "kernel.event.name";
    /** Property, any object: handed to the event's {@link Authorizer}. */
    public static final String CREDENTIAL = "kernel.event.credential";

    /** Property of an {@link Authorizer}, one or several: full names of the event interfaces that it decides about. */
    public static final String AUTHORIZES = "kernel.event.authorizes";

    private final Class<E> event;
    private final E handler;
    private final Map<String, Object> properties;

    private Binding(Class<E> event, E handler, Map<String, Object> properties) {
        this.event = Objects.requireNonNull(event);
        this.handler = Objects.requireNonNull(handler);
        this.properties = Map.copyOf(properties);
    }

    /** A handler beside the intrinsic one. */
    public static <E> Binding<E> handler(Class<E> event, E handler) {
        return new Binding<>(event, handler, Map.of(ROLE, HANDLER));
    }

    /** The event's own procedure. */
    public static <E> Binding<E> intrinsic(Class<E> event, E handler) {
        return new Binding<>(event, handler, Map.of(ROLE, INTRINSIC));
    }

    /** The handler that runs when no other did. */
    public static <E> Binding<E> byDefault(Class<E> event, E handler) {
        return new Binding<>(event, handler, Map.of(ROLE, DEFAULT));
    }

    /** A filter; {@code filters} as in {@link Filter#filter()}, naming public methods of {@code object}. */
    public static <E> Binding<E> filter(Class<E> event, E object, String... filters) {
        return new Binding<>(event, object, Map.of(ROLE, FILTER)).with(FILTERS, List.of(filters));
    }

    /** The same with one property, which replaces an earlier one. */
    public Binding<E> with(String property, Object value) {
        Map<String, Object> more = new LinkedHashMap<>(properties);
        more.put(property, value);
        return new Binding<>(event, handler, more);
    }

    /** See {@link Handler#order()}. */
    public Binding<E> order(String order) {
        return with(ORDER, order);
    }

    /** See {@link Handler#name()}. */
    public Binding<E> name(String name) {
        return with(NAME, name);
    }

    /**
     * The handler runs only when this holds.
     *
     * @param guard name of a public method of the handler, as in {@link Handler#guard()}; or an object of a functional
     *            interface of which the method takes the event's parameters and gives a {@code boolean}
     */
    public Binding<E> guard(Object guard) {
        return with(GUARD, guard);
    }

    /** The handler runs only for this value of the key; may be said several times, see {@link Handler#key()}. */
    public Binding<E> key(String key, Object value) {
        List<Object> keys = new ArrayList<>();
        if (properties.get(KEY) instanceof List<?> before) {
            keys.addAll(before);
        }
        keys.add(Map.entry(key, value));
        return with(KEY, List.copyOf(keys));
    }

    /** See {@link Handler#methods()}. */
    public Binding<E> methods(String... names) {
        return with(METHODS, List.of(names));
    }

    /** See {@link Handler#cancel()}. */
    public Binding<E> cancel() {
        return with(CANCEL, true);
    }

    /** See {@link Handler#async()}, {@link Handler#queue()} and {@link Handler#overflow()}. */
    public Binding<E> async(int queue, String overflow) {
        return with(ASYNC, true).with(QUEUE, queue).with(OVERFLOW, overflow);
    }

    /** See {@link Handler#limit()}; whole microseconds are used. */
    public Binding<E> limit(Duration limit) {
        return with(LIMIT, limit.toNanos() / 1000);
    }

    /** Which intrinsic or default handler is in force: the one with the highest ranking. Default 0. */
    public Binding<E> ranking(int ranking) {
        return with("service.ranking", ranking);
    }

    /** What the event's {@link Authorizer} is given. */
    public Binding<E> credential(Object credential) {
        return with(CREDENTIAL, credential);
    }

    /** The event's interface. */
    public Class<E> event() {
        return event;
    }

    /** What is called. */
    public E handler() {
        return handler;
    }

    /** The properties, as a registration would have them. */
    public Map<String, Object> properties() {
        return properties;
    }

    @Override
    public String toString() {
        return event.getName() + " " + properties;
    }
}
