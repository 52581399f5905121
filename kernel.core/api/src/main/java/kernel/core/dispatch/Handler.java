package kernel.core.dispatch;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.osgi.service.component.annotations.ComponentPropertyType;

/**
 * On a Declarative Services component: it handles, beside the intrinsic handler, the events whose interfaces it provides.
 *
 * <pre>{@code
 * @Component
 * @Handler(order = Binding.FIRST, key = "number=4", guard = "toConsole")
 * public class Watch implements Syscall {
 *     public boolean toConsole(UserContext context, int number) { return context.argument(0) == 1; }
 *     public void syscall(UserContext context, int number) { ... }
 * }
 * }</pre>
 */
@ComponentPropertyType
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.TYPE)
public @interface Handler {

    /** Prefix of the service properties that the members stand for. */
    String PREFIX_ = "kernel.event.";

    /** Always {@value Binding#HANDLER}: it is what makes the component a handler. */
    String role() default Binding.HANDLER;

    /**
     * Where it runs among the others: {@value Binding#FIRST}, {@value Binding#LAST}, {@code before:NAME} or
     * {@code after:NAME} of another binding, or empty for anywhere before the intrinsic handler.
     */
    String order() default "";

    /**
     * Name of a public method of the component with the event's parameters and a {@code boolean} result; the handler
     * runs only when it answers {@code true}. It must have no side effects: it may be called any number of times. An
     * exception that it throws is the handler's failure.
     */
    String guard() default "";

    /**
     * {@code KEY=VALUE}, as the event's {@link Key} annotations name its keys: the handler runs only for that value.
     * Several values of one key: for any of them; several keys: all must match. Numbers in decimal, {@code 0x} or
     * {@code 0} notation.
     */
    String[] key() default {};

    /** Which of the interface's methods it handles, by name; empty: all. The others of its methods are never called. */
    String[] methods() default {};

    /** Whether, when it has run, no later handler is considered, the intrinsic one included. */
    boolean cancel() default false;

    /**
     * Whether a virtual thread runs it while the raise goes on. Its calls run in their order, one after the other; it has
     * no result. Its guard is evaluated in the raise.
     */
    boolean async() default false;

    /** For {@link #async}: how many calls may be outstanding, 1 to 65,536. */
    int queue() default 1024;

    /**
     * For {@link #async}: what a raise does when {@link #queue} calls are outstanding: {@value Binding#WAIT} for room,
     * {@value Binding#DROP} this call and count it, {@value Binding#RUN} the handler in the raiser's strand, or
     * {@value Binding#FAIL} with a {@link QueueFullException}.
     */
    String overflow() default Binding.WAIT;

    /**
     * Its time limit in microseconds, 0 for none. When it is exceeded the handler is stopped: at its next backward branch,
     * method entry or blocking call a {@link TimeLimitExceeded} is thrown in it, which releases its locks on the way out
     * and which it cannot keep; then it counts as not having run (OSDI'96 section 2.6, EPHEMERAL procedures). The classes
     * of its bundle are prepared for this as they are loaded; a handler whose classes are not is refused.
     */
    long limit() default 0;

    /** The binding's name, for {@code before:} and {@code after:} and for what people see; default: the class's name. */
    String name() default "";
}
