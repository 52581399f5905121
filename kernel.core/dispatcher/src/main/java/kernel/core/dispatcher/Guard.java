package kernel.core.dispatcher;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import kernel.core.dispatch.BindingException;
import kernel.core.dispatcher.link.Condition;
import kernel.core.dispatcher.link.Family;
import kernel.core.dispatcher.link.Signature;
import kernel.core.dispatcher.link.Step;

/** One guard of a binding: an object and, for each of the event's methods, what is called on it. Immutable. */
final class Guard {

    /** Conditions by the class whose methods they call: they go with that class. Within, by event and what is called. */
    private static final ClassValue<Map<String, Condition>> CONDITIONS = new ClassValue<>() {
        @Override
        protected Map<String, Condition> computeValue(Class<?> type) {
            return new ConcurrentHashMap<>();
        }
    };

    private static final AtomicLong NUMBERS = new AtomicLong();

    private final Object target;
    private final String what;
    private final List<MethodHandle> tests;

    private Guard(Object target, String what, List<MethodHandle> tests) {
        this.target = target;
        this.what = what;
        this.tests = tests;
    }

    Object target() {
        return target;
    }

    /**
     * A guard that is a method of an object, by name.
     *
     * @throws BindingException there is none that fits
     */
    static Guard method(Signature event, long methods, Object owner, String name, String binding) {
        List<MethodHandle> tests = new ArrayList<>();
        for (int i = 0; i < event.methods().size(); i++) {
            MethodType type = event.typeOf(i).changeReturnType(boolean.class);
            if ((methods >>> i & 1) == 0) {
                tests.add(never(type));
                continue;
            }
            try {
                tests.add(MethodHandles.privateLookupIn(owner.getClass(), MethodHandles.lookup())
                        .findVirtual(owner.getClass(), name, type));
            } catch (ReflectiveOperationException e) {
                throw new BindingException("guard \"" + name + "\" of " + binding + ": there is no method boolean "
                        + name + parameters(type) + " in " + owner.getClass().getName(), e);
            }
        }
        return new Guard(owner, name, tests);
    }

    /**
     * A guard that is an object of a functional interface.
     *
     * @throws BindingException it does not fit
     */
    static Guard function(Signature event, long methods, Object function, String binding) {
        List<MethodHandle> tests = new ArrayList<>();
        for (int i = 0; i < event.methods().size(); i++) {
            MethodType type = event.typeOf(i).changeReturnType(boolean.class);
            tests.add((methods >>> i & 1) == 0 ? never(type) : function(type, function, binding));
        }
        return new Guard(function, "()", tests);
    }

    private static MethodHandle function(MethodType type, Object function, String binding) {
        for (Method method : abstractMethods(function.getClass())) {
            if (fits(method, type)) {
                try {
                    Class<?> owner = function.getClass();
                    MethodHandle handle = MethodHandles.privateLookupIn(owner, MethodHandles.lookup()).findVirtual(
                            owner,
                            method.getName(), MethodType.methodType(boolean.class, method.getParameterTypes()));
                    return handle.asType(type.insertParameterTypes(0, owner));
                } catch (ReflectiveOperationException e) {
                    throw new BindingException("guard of " + binding + ": " + method + " cannot be called: " + e, e);
                }
            }
        }
        throw new BindingException("guard of " + binding
                + ": an object of a functional interface is needed whose method "
                + "takes " + parameters(type) + " and gives boolean; " + function.getClass().getName() + " has none");
    }

    private static List<Method> abstractMethods(Class<?> type) {
        List<Method> found = new ArrayList<>();
        for (Class<?> c = type; c != null; c = c.getSuperclass()) {
            for (Class<?> implemented : c.getInterfaces()) {
                List.of(implemented.getMethods()).stream().filter(m -> Modifier.isAbstract(m.getModifiers()))
                        .forEach(found::add);
            }
        }
        return found;
    }

    private static boolean fits(Method method, MethodType type) {
        if (method.getReturnType() != boolean.class || method.getParameterCount() != type.parameterCount()) {
            return false;
        }
        for (int i = 0; i < type.parameterCount(); i++) {
            Class<?> wanted = method.getParameterTypes()[i];
            Class<?> given = type.parameterType(i);
            if (!wanted.isAssignableFrom(given) && !wanted.isAssignableFrom(type.wrap().parameterType(i))
                    && !(wanted.isPrimitive() && given.isPrimitive() && wanted == given)) {
                return false;
            }
        }
        return true;
    }

    /** A guard of the dispatcher's own: method handles without an object. */
    static Guard handles(String what, List<MethodHandle> tests) {
        return new Guard(new Object() {
            @Override
            public String toString() {
                return what;
            }
        }, what + NUMBERS.incrementAndGet(),
                tests.stream().map(t -> MethodHandles.dropArguments(t, 0, Object.class)).toList());
    }

    private static MethodHandle never(MethodType type) {
        return MethodHandles.dropArguments(MethodHandles.constant(boolean.class, false), 0,
                type.insertParameterTypes(0, Object.class).parameterArray());
    }

    private static String parameters(MethodType type) {
        return type.toString().replaceAll("\\)\\w+$", ")");
    }

    /** What plans ask. @param methods the event's methods that it is for, as part of its name */
    Step.Test test(Family family, long methods) {
        Condition condition = CONDITIONS.get(target.getClass())
                .computeIfAbsent(family.prefix() + what + methods, key -> new Condition(tests));
        return new Step.Test(target, condition, family.guard(tests.stream().map(t -> t.bindTo(target)).toList()));
    }
}
