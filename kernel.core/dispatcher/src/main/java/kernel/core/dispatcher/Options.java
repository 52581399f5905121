package kernel.core.dispatcher;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import kernel.core.dispatch.Binding;
import kernel.core.dispatch.BindingException;

/**
 * How somebody wants to be bound, read from properties.
 *
 * @param role one of the roles in {@link Binding}
 * @param name for people, and for {@code before:} and {@code after:}
 * @param order see {@link kernel.core.dispatch.Handler#order()}
 * @param guard null, the name of a method, or an object of a functional interface
 * @param keys names and values, as text or already of the key's type
 * @param methods names; empty for all
 * @param cancel see {@link kernel.core.dispatch.Handler#cancel()}
 * @param async see {@link kernel.core.dispatch.Handler#async()}
 * @param queue how many calls
 * @param overflow what when they are outstanding
 * @param filters see {@link kernel.core.dispatch.Filter#filter()}
 * @param limit microseconds, 0 for none
 * @param ranking decides between intrinsic and between default handlers
 * @param credential for the authorizer, or null
 */
record Options(String role, String name, String order, Object guard, List<KeyWish> keys, List<String> methods,
        boolean cancel, boolean async, int queue, String overflow, List<String> filters, long limit, int ranking,
        Object credential) {

    private static final List<String> ROLES = List.of(Binding.INTRINSIC, Binding.HANDLER, Binding.FILTER,
            Binding.DEFAULT);
    private static final List<String> OVERFLOWS = List.of(Binding.WAIT, Binding.DROP, Binding.RUN, Binding.FAIL);

    /** One value of one key that is wanted. */
    record KeyWish(String key, Object value) {
        @Override
        public String toString() {
            return key + "=" + value;
        }
    }

    static Options of(Function<String, Object> properties, Supplier<String> defaultName) {
        String name = text(properties, Binding.NAME, "");
        Object guard = properties.apply(Binding.GUARD);
        Options options = new Options(text(properties, Binding.ROLE, ""), name.isEmpty() ? defaultName.get() : name,
                text(properties, Binding.ORDER, ""), "".equals(guard) ? null : guard, keys(properties),
                texts(properties, Binding.METHODS), flag(properties, Binding.CANCEL), flag(properties, Binding.ASYNC),
                (int) number(properties, Binding.QUEUE, 1024), text(properties, Binding.OVERFLOW, Binding.WAIT),
                texts(properties, Binding.FILTERS), number(properties, Binding.LIMIT, 0),
                (int) number(properties, "service.ranking", 0), properties.apply(Binding.CREDENTIAL));
        options.check();
        return options;
    }

    private void check() {
        if (!ROLES.contains(role)) {
            throw wrong(Binding.ROLE, role, "intrinsic, handler, filter or default");
        }
        if (!OVERFLOWS.contains(overflow)) {
            throw wrong(Binding.OVERFLOW, overflow, "wait, drop, run or fail");
        }
        if (queue < 1 || queue > 65_536) {
            throw wrong(Binding.QUEUE, queue, "1 to 65536");
        }
        if (limit < 0) {
            throw wrong(Binding.LIMIT, limit, "microseconds, or 0 for none");
        }
        if (!order.isEmpty() && !order.equals(Binding.FIRST) && !order.equals(Binding.LAST)
                && !order.startsWith(Binding.BEFORE) && !order.startsWith(Binding.AFTER)) {
            throw wrong(Binding.ORDER, order, "first, last, before:NAME or after:NAME");
        }
        if (role.equals(Binding.FILTER) == filters.isEmpty()) {
            throw new BindingException(name + ": a filter, and nobody else, names what it changes by " + Binding.FILTERS
                    + " = PARAMETER=METHOD");
        }
        boolean plain = guard == null && keys.isEmpty() && !cancel && !async && order.isEmpty();
        if ((role.equals(Binding.INTRINSIC) || role.equals(Binding.DEFAULT)) && !plain) {
            throw new BindingException(name + ": an intrinsic or default handler cannot have a guard, key or order, be "
                    + "asynchronous or cancel; bind it as a handler");
        }
        if (role.equals(Binding.FILTER) && (async || cancel || limit > 0)) {
            throw new BindingException(name + ": a filter cannot be asynchronous, cancel, or have a time limit");
        }
    }

    private BindingException wrong(String property, Object value, String right) {
        return new BindingException(name + ": " + property + " is \"" + value + "\"; it must be " + right);
    }

    Options constrained(String newOrder, long newLimit, boolean mustBeAsync) {
        if (newOrder == null && newLimit < 0 && !mustBeAsync) {
            return this;
        }
        Options options = new Options(role, name, newOrder == null ? order : newOrder, guard, keys, methods, cancel,
                async || mustBeAsync, queue, overflow, filters, newLimit < 0 ? limit : newLimit, ranking, credential);
        options.check();
        return options;
    }

    private static String text(Function<String, Object> properties, String property, String otherwise) {
        return properties.apply(property) instanceof String text ? text : otherwise;
    }

    private static boolean flag(Function<String, Object> properties, String property) {
        Object value = properties.apply(property);
        return Boolean.TRUE.equals(value) || "true".equals(value);
    }

    private static long number(Function<String, Object> properties, String property, long otherwise) {
        return switch (properties.apply(property)) {
            case Number number -> number.longValue();
            case String text when text.matches("-?\\d{1,18}") -> Long.parseLong(text);
            case null, default -> otherwise;
        };
    }

    private static List<String> texts(Function<String, Object> properties, String property) {
        return switch (properties.apply(property)) {
            case String text -> text.isEmpty() ? List.of() : List.of(text);
            case String[] texts -> List.of(texts);
            case Collection<?> texts -> texts.stream().map(String::valueOf).toList();
            case null, default -> List.of();
        };
    }

    private static List<KeyWish> keys(Function<String, Object> properties) {
        List<KeyWish> wishes = new ArrayList<>();
        Object value = properties.apply(Binding.KEY);
        List<?> all = value instanceof Collection<?> some ? List.copyOf(some) : texts(properties, Binding.KEY);
        for (Object one : all) {
            if (one instanceof Map.Entry<?, ?> entry) {
                wishes.add(new KeyWish(String.valueOf(entry.getKey()), entry.getValue()));
                continue;
            }
            String text = String.valueOf(one);
            int equals = text.indexOf('=');
            if (equals <= 0) {
                throw new BindingException(Binding.KEY + " \"" + text + "\": write KEY=VALUE");
            }
            wishes.add(new KeyWish(text.substring(0, equals).strip(), text.substring(equals + 1).strip()));
        }
        return List.copyOf(wishes);
    }

    boolean intrinsic() {
        return role.equals(Binding.INTRINSIC);
    }

    /** For people: what has to hold. */
    String conditions() {
        List<String> all = new ArrayList<>();
        keys.forEach(wish -> all.add(wish.toString()));
        if (guard != null) {
            all.add(guard instanceof String text ? text : guard.getClass().getSimpleName());
        }
        all.addAll(filters);
        return String.join(" ", all);
    }

    /** For people: how it runs. */
    String modes() {
        List<String> all = new ArrayList<>();
        if (cancel) {
            all.add("cancel");
        }
        if (async) {
            all.add("async " + queue + " " + overflow);
        }
        if (limit > 0) {
            all.add("limit " + limit + " us");
        }
        methods.forEach(method -> all.add("." + method));
        return String.join(" ", all);
    }
}
