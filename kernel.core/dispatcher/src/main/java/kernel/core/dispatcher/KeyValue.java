package kernel.core.dispatcher;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import kernel.core.dispatch.BindingException;
import kernel.core.dispatcher.Options.KeyWish;

/** Makes a value of a key's type of what somebody wrote. */
final class KeyValue {

    private KeyValue() {}

    /**
     * @return a {@link Long} for primitive types, else an object of the type
     * @throws BindingException it is no value of that type
     */
    static Object of(KeyWish wish, Class<?> type, String binding) {
        try {
            Object value = type.isPrimitive() ? integer(wish.value(), type) : object(wish.value(), type);
            if (value != null) {
                return value;
            }
        } catch (IllegalArgumentException e) {
            throw new BindingException(binding + " wants " + wish + ", which is no " + type.getTypeName() + ": "
                    + e.getMessage(), e);
        }
        throw new BindingException(binding + " wants " + wish + ", which is no " + type.getTypeName());
    }

    private static Long integer(Object value, Class<?> type) {
        long number = switch (value) {
            case Character c -> c;
            case Boolean b -> b ? 1 : 0;
            case Byte b -> b;
            case Short s -> s;
            case Integer i -> i;
            case Long l -> l;
            case String text when type == boolean.class && text.matches("true|false") -> text.equals("true") ? 1 : 0;
            case String text when type == char.class && text.length() == 1 -> text.charAt(0);
            case String text -> Long.decode(text);
            default -> throw new IllegalArgumentException("it is a " + value.getClass().getName());
        };
        boolean fits = type == long.class || type == int.class && (int) number == number
                || type == short.class && (short) number == number || type == byte.class && (byte) number == number
                || type == char.class && (char) number == number || type == boolean.class && (number & ~1) == 0;
        if (!fits) {
            throw new IllegalArgumentException("out of range");
        }
        return number;
    }

    private static Object object(Object value, Class<?> type) {
        if (type.isInstance(value)) {
            return value;
        }
        if (!(value instanceof String text)) {
            return null;
        }
        for (String factory : new String[]{"valueOf", "of", "parse"}) {
            try {
                Method method = type.getMethod(factory, String.class);
                if (Modifier.isStatic(method.getModifiers()) && type.isAssignableFrom(method.getReturnType())) {
                    return method.invoke(null, text);
                }
            } catch (NoSuchMethodException | IllegalAccessException e) {
                continue;
            } catch (InvocationTargetException e) {
                throw new IllegalArgumentException(String.valueOf(e.getCause().getMessage()), e);
            }
        }
        throw new IllegalArgumentException(type.getName()
                + " cannot be written as text (it has no static valueOf, of or parse): bind with Dispatcher.bind");
    }
}
