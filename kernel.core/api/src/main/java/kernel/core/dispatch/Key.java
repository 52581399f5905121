package kernel.core.dispatch;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Declares a key of an event: a value by which handlers can be chosen without asking each of them. A handler names the
 * values it wants ({@link Handler#key()}); a raise finds the handlers of its value in a table, at a cost that does not
 * depend on how many handlers name other values.
 *
 * <p>On a parameter of an event's method: the argument is the key. On a public static method of the event's interface:
 * its result is the key; it takes the parameters of the event's methods that have this key, and has no side effects.
 *
 * <p>Types: {@code boolean}, {@code byte}, {@code short}, {@code char}, {@code int}, {@code long}, or a class with
 * {@code equals} and {@code hashCode} over an immutable state ({@code String}, enums, records). {@code null} matches no
 * handler. When handlers of one event name values of different keys, the key declared first is looked up in the table,
 * and the others are compared one by one, like guards.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.PARAMETER, ElementType.METHOD})
public @interface Key {

    /** The key's name. */
    String value();
}
