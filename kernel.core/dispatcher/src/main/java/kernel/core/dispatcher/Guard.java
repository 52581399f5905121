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
import java.util.function.Supplier;
import kernel.core.dispatch.BindingException;
import kernel.core.dispatcher.link.Condition;
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

    private final Object target;
    private final Condition condition;

    private Guard(Object target, Condition condition) {
        this.target = target;
        this.condition = condition;
    }

    /** The condition of a class, made once: to find a method takes longer than all the rest of binding. */
    private static Guard of(Object target, Signature event, String what, long methods,
            Supplier<List<MethodHandle>> tests) {
        Map<String, Condition> known = CONDITIONS.get(target.getClass());
        String name = event.number() + " " + what + " " + methods;
        Condition condition = known.get(name);
        if (condition == null) {
            condition = new Condition(tests.get());
            known.put(name, condition);
        }
        return new Guard(target, condition);
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
        return of(owner, event, name, methods, () -> methods(event, methods, owner, name, binding));
    }

    private static List<MethodHandle> methods(Signature event, long methods, Object owner, String name,
            String binding) {
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
        return tests;
    }

    /**
     * A guard that is an object of a functional interface.
     *
     * @throws BindingException it does not fit
     */
    static Guard function(Signature event, long methods, Object function, String binding) {
        return of(function, event, "()", methods, () -> {
            List<MethodHandle> tests = new ArrayList<>();
            for (int i = 0; i < event.methods().size(); i++) {
                MethodType type = event.typeOf(i).changeReturnType(boolean.class);
                tests.add((methods >>> i & 1) == 0 ? never(type) : function(type, function, binding));
            }
            return tests;
        });
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
        return new Guard(what,
                new Condition(tests.stream().map(t -> MethodHandles.dropArguments(t, 0, Object.class)).toList()));
    }

    private static MethodHandle never(MethodType type) {
        return MethodHandles.dropArguments(MethodHandles.constant(boolean.class, false), 0,
                type.insertParameterTypes(0, Object.class).parameterArray());
    }

    private static String parameters(MethodType type) {
        return type.toString().replaceAll("\\)\\w+$", ")");
    }

    /** What plans ask. */
    Step.Test test() {
        return new Step.Test(target, condition);
    }
}
