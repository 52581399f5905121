package kernel.core.dispatcher.link;

import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import kernel.core.dispatch.BindingException;
import kernel.core.dispatch.Event;
import kernel.core.dispatch.Event.Fold;
import kernel.core.dispatch.Event.Unanswered;
import kernel.core.dispatch.Key;

/** What an event interface declares, checked. Immutable. */
public final class Signature {

    private static final AtomicLong NUMBERS = new AtomicLong();

    private final long number = NUMBERS.incrementAndGet();
    private final Class<?> type;
    private final Event event;
    private final List<Method> methods;
    private final List<String> keys;
    private final Method folder;

    /**
     * @param type an interface with {@link Event}
     * @throws BindingException it cannot be an event; the message says why and how to mend it
     */
    public Signature(Class<?> type) {
        this.type = type;
        event = type.getAnnotation(Event.class);
        if (event == null || !type.isInterface() || !Modifier.isPublic(type.getModifiers())) {
            throw new BindingException(type.getName() + " is no event: it must be a public interface with @"
                    + Event.class.getName());
        }
        methods = List.of(type.getMethods()).stream().filter(m -> Modifier.isAbstract(m.getModifiers()))
                .sorted(Comparator.comparing(Method::getName).thenComparing(Method::toString)).toList();
        check();
        folder = event.fold() == Fold.BY ? findFolder() : null;
        keys = findKeys();
    }

    private void check() {
        if (methods.isEmpty() || methods.size() > Long.SIZE) {
            throw new BindingException(type.getName() + " has " + methods.size()
                    + " abstract methods; an event interface has 1 to 64");
        }
        if (event.queue() < 1 || event.queue() > 65_536) {
            throw new BindingException(type.getName() + ": queue must be 1 to 65536");
        }
        for (Method method : methods) {
            boolean result = method.getReturnType() != void.class;
            if ((event.fold() == Fold.ANY || event.fold() == Fold.ALL) && method.getReturnType() != boolean.class) {
                throw new BindingException(method + " cannot be folded by " + event.fold()
                        + ": its result must be boolean");
            }
            if (event.unanswered() == Unanswered.IGNORE && result) {
                throw new BindingException(method + " has a result, so a raise that nobody answers cannot be ignored: "
                        + "say unanswered = FAIL or WAIT, or make it void");
            }
            if (event.async() && result) {
                throw new BindingException(
                        method + " has a result, so its raises cannot be asynchronous: make it void");
            }
        }
    }

    private Method findFolder() {
        for (Method method : methods) {
            Class<?> result = method.getReturnType();
            if (result == void.class) {
                continue;
            }
            try {
                Method found = type.getMethod(event.folder(), result, result);
                if (!Modifier.isStatic(found.getModifiers()) || found.getReturnType() != result) {
                    throw new NoSuchMethodException();
                }
                if (methods.size() == 1) {
                    return found;
                }
            } catch (NoSuchMethodException e) {
                throw new BindingException(method + " is folded by \"" + event.folder() + "\": " + type.getName()
                        + " needs a public static method " + result.getTypeName() + " " + event.folder() + "("
                        + result.getTypeName() + " soFar, " + result.getTypeName() + " next)", e);
            }
        }
        return null; // looked up for each method
    }

    private List<String> findKeys() {
        Set<String> found = new LinkedHashSet<>();
        for (Method method : methods) {
            for (Parameter parameter : method.getParameters()) {
                Key key = parameter.getAnnotation(Key.class);
                if (key != null) {
                    found.add(key.value());
                }
            }
        }
        for (Method method : type.getMethods()) {
            Key key = method.getAnnotation(Key.class);
            if (key == null) {
                continue;
            }
            if (!Modifier.isStatic(method.getModifiers()) || method.getReturnType() == void.class) {
                throw new BindingException(
                        method + ": @Key belongs on a parameter, or on a static method that computes the "
                                + "key from the event's parameters");
            }
            found.add(key.value());
        }
        for (String key : found) {
            for (int i = 0; i < methods.size(); i++) {
                KeySource source = key(key, i);
                if (source != null && (source.type == float.class || source.type == double.class)) {
                    throw new BindingException(methods.get(i) + ": a key cannot be a " + source.type);
                }
            }
        }
        return List.copyOf(found);
    }

    /**
     * Where a key's value comes from.
     *
     * @param type of the value
     * @param parameter index of the parameter, or -1
     * @param extractor the static method if it is no parameter
     */
    public record KeySource(Class<?> type, int parameter, Method extractor) {

        /** Whether values are kept as {@link Long}. */
        public boolean integer() {
            return type.isPrimitive();
        }
    }

    /** How a method computes a key; null if it does not have it. */
    public KeySource key(String name, int method) {
        Parameter[] parameters = methods.get(method).getParameters();
        for (int i = 0; i < parameters.length; i++) {
            Key key = parameters[i].getAnnotation(Key.class);
            if (key != null && key.value().equals(name)) {
                return new KeySource(parameters[i].getType(), i, null);
            }
        }
        for (Method other : type.getMethods()) {
            Key key = other.getAnnotation(Key.class);
            if (key != null && key.value().equals(name)
                    && List.of(other.getParameterTypes()).equals(List.of(methods.get(method).getParameterTypes()))) {
                return new KeySource(other.getReturnType(), -1, other);
            }
        }
        return null;
    }

    /** The index of a parameter that is named by number, key or name; -1 if there is none. */
    public int parameter(int method, String name) {
        Parameter[] parameters = methods.get(method).getParameters();
        for (int i = 0; i < parameters.length; i++) {
            Key key = parameters[i].getAnnotation(Key.class);
            if (name.equals(Integer.toString(i)) || key != null && key.value().equals(name)
                    || parameters[i].isNamePresent() && parameters[i].getName().equals(name)) {
                return i;
            }
        }
        return -1;
    }

    /** Distinguishes it from all others. */
    public long number() {
        return number;
    }

    /** The interface. */
    public Class<?> type() {
        return type;
    }

    /** Its declaration. */
    public Event event() {
        return event;
    }

    /** Its abstract methods, in a fixed order. */
    public List<Method> methods() {
        return methods;
    }

    /** Names of its keys, in the order in which they are declared. */
    public List<String> keys() {
        return keys;
    }

    /** The type of a method as it is called, without the stub. */
    public MethodType typeOf(int method) {
        Method m = methods.get(method);
        return MethodType.methodType(m.getReturnType(), m.getParameterTypes());
    }

    /** Whether one of the methods declares an exception, so that it is an answer and no failure. */
    public boolean declares(Throwable exception) {
        for (Method method : methods) {
            for (Class<?> declared : method.getExceptionTypes()) {
                if (declared.isInstance(exception)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** What combines two results of a method; for {@link Fold#BY}. */
    Method folder(int method) {
        if (folder != null) {
            return folder;
        }
        Class<?> result = methods.get(method).getReturnType();
        try {
            return type.getMethod(event.folder(), result, result);
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException(e); // checked when this was made
        }
    }

    /** The methods' names that a binding may take part in, as bits; all for none. */
    public long mask(List<String> names) {
        if (names.isEmpty()) {
            return methods.size() == Long.SIZE ? -1 : (1L << methods.size()) - 1;
        }
        long mask = 0;
        for (String name : names) {
            long before = mask;
            for (int i = 0; i < methods.size(); i++) {
                mask |= methods.get(i).getName().equals(name) ? 1L << i : 0;
            }
            if (mask == before) {
                throw new BindingException(type.getName() + " has no method " + name + "; it has "
                        + new ArrayList<>(new LinkedHashSet<>(methods.stream().map(Method::getName).toList())));
            }
        }
        return mask;
    }
}
