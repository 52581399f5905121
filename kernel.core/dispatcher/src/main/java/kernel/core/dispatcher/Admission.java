package kernel.core.dispatcher;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import kernel.core.dispatch.BindingException;
import kernel.core.dispatcher.Options.KeyWish;
import kernel.core.dispatcher.link.Signature;
import kernel.core.dispatcher.link.Signature.KeySource;
import kernel.core.dispatcher.link.Step;

/** Checks a binding against its event and prepares what plans need of it. Everything that can be wrong is found here. */
final class Admission {

    private static final MethodHandle CONTAINS;

    static {
        try {
            CONTAINS = MethodHandles.lookup().findStatic(Admission.class, "contains",
                    MethodType.methodType(boolean.class, Set.class, Object.class));
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Signature event;
    private final Member member;

    private Admission(Signature event, Member member) {
        this.event = event;
        this.member = member;
    }

    /**
     * Fills in what the member needs, all but its handler.
     *
     * @throws BindingException it does not fit; the message says why and how to mend it
     */
    static void prepare(Signature event, Member member, Surroundings surroundings) {
        new Admission(event, member).prepare(surroundings);
    }

    private void prepare(Surroundings surroundings) {
        Class<?> type = event.type();
        if (!type.isInstance(member.service)) {
            throw new BindingException(member.name() + " does not implement " + type.getName()
                    + " as this event's users see it: two versions of its package are installed");
        }
        if (member.options.limit() > 0 && !surroundings.stoppable().test(member.service.getClass())) {
            throw new BindingException(member.name() + " has a time limit, but " + member.service.getClass().getName()
                    + " was loaded without the checks at which it could be stopped: add Kernel-Ephemeral: true to its "
                    + "bundle's manifest, and see that the bundle is loaded after the dispatcher started");
        }
        member.methods = event.mask(member.options.methods());
        member.keys = keys();
        member.guards = guards();
        member.changes = changes();
        member.events = event.methods();
    }

    private boolean handles(int method) {
        return (member.methods >>> method & 1) != 0;
    }

    // ---- keys

    private Map<String, Set<Object>> keys() {
        if (member.options.keys().isEmpty()) {
            return Map.of();
        }
        Map<String, Set<Object>> found = new LinkedHashMap<>();
        for (KeyWish wish : member.options.keys()) {
            if (!event.keys().contains(wish.key())) {
                throw new BindingException(member.name() + " wants " + wish + ", but " + event.type().getName()
                        + (event.keys().isEmpty() ? " has no keys" : " has the keys " + event.keys()));
            }
            KeySource source = null;
            for (int i = 0; i < event.methods().size(); i++) {
                if (!handles(i)) {
                    continue;
                }
                source = event.key(wish.key(), i);
                if (source == null) {
                    throw new BindingException(member.name() + " wants " + wish + ", but " + event.methods().get(i)
                            + " has no such key: name the methods that it handles");
                }
            }
            found.computeIfAbsent(wish.key(), key -> new LinkedHashSet<>()).add(KeyValue.of(wish, source.type(),
                    member.name()));
        }
        return found;
    }

    /** A guard for the keys that are not looked up in a table. */
    static Guard comparing(Signature event, Member member, String key) {
        List<MethodHandle> tests = new ArrayList<>();
        for (int i = 0; i < event.methods().size(); i++) {
            MethodType type = event.typeOf(i).changeReturnType(boolean.class);
            KeySource source = event.key(key, i);
            if (source == null) {
                tests.add(MethodHandles.dropArguments(MethodHandles.constant(boolean.class, false), 0,
                        type.parameterArray()));
                continue;
            }
            MethodHandle test = CONTAINS.bindTo(member.keys.get(key));
            tests.add(MethodHandles.filterReturnValue(value(event, i, source), test).asType(type));
        }
        return Guard.handles(key + "=" + member.keys.get(key), tests);
    }

    private static MethodHandle value(Signature event, int method, KeySource source) {
        MethodType type = event.typeOf(method);
        MethodHandle value;
        if (source.parameter() >= 0) {
            value = MethodHandles.permuteArguments(MethodHandles.identity(source.type()),
                    MethodType.methodType(source.type(), type.parameterArray()), source.parameter());
        } else {
            try {
                value = MethodHandles.publicLookup().unreflect(source.extractor());
            } catch (IllegalAccessException e) {
                throw new BindingException(source.extractor() + " cannot be called: " + e, e);
            }
        }
        if (source.integer() && source.type() == boolean.class) {
            value = MethodHandles.filterReturnValue(value, MethodHandles.explicitCastArguments(
                    MethodHandles.identity(long.class), MethodType.methodType(long.class, boolean.class)));
        } else if (source.integer()) {
            value = value.asType(value.type().changeReturnType(long.class));
        }
        return value.asType(value.type().changeReturnType(Object.class));
    }

    private static boolean contains(Set<?> values, Object value) {
        return value != null && values.contains(value);
    }

    // ---- guards and filters

    private List<Guard> guards() {
        List<Guard> guards = new ArrayList<>();
        for (Object imposed : member.imposed) {
            guards.add(Guard.function(event, member.methods, imposed, "what was imposed on " + member.name()));
        }
        Object own = member.options.guard();
        if (own instanceof String name) {
            guards.add(Guard.method(event, member.methods, member.service, name, member.name()));
        } else if (own != null) {
            guards.add(Guard.function(event, member.methods, own, member.name()));
        }
        return guards;
    }

    private List<Step.Change> changes() {
        List<Step.Change> changes = new ArrayList<>();
        for (String filter : member.options.filters()) {
            int equals = filter.indexOf('=');
            if (equals <= 0) {
                throw new BindingException(member.name() + ": \"" + filter + "\" does not say what it changes: write "
                        + "PARAMETER=METHOD");
            }
            String parameter = filter.substring(0, equals).strip();
            String name = filter.substring(equals + 1).strip();
            for (int i = 0; i < event.methods().size(); i++) {
                if (handles(i)) {
                    changes.add(change(i, parameter, name));
                }
            }
        }
        return changes;
    }

    private Step.Change change(int method, String parameter, String name) {
        int index = event.parameter(method, parameter);
        if (index < 0) {
            throw new BindingException(
                    member.name() + " changes \"" + parameter + "\", which " + event.methods().get(method)
                            + " does not have: name a parameter by its number from 0, or by its @Key");
        }
        MethodType type = event.typeOf(method).changeReturnType(event.typeOf(method).parameterType(index));
        Class<?> owner = member.service.getClass();
        try {
            return new Step.Change(method, index, MethodHandles.privateLookupIn(owner, MethodHandles.lookup())
                    .findVirtual(owner, name, type).bindTo(member.service));
        } catch (ReflectiveOperationException e) {
            throw new BindingException(member.name() + " changes \"" + parameter + "\" by \"" + name
                    + "\": there is no method " + type.returnType().getTypeName() + " " + name
                    + type.toString().replaceAll("\\)[\\w.$\\[\\]]+$", ")") + " in " + owner.getName(), e);
        }
    }
}
