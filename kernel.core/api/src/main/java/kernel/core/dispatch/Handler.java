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
 * @Handler(order = Binding.FIRST, guard = "isWrite")
 * public class Watch implements Syscall {
 *     public boolean isWrite(UserContext context, int number) { return number == 4; }
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
     * runs only when it answers {@code true}. It must have no side effects: it may be called any number of times.
     */
    String guard() default "";

    /** The binding's name, for {@code before:} and {@code after:} and for what people see; default: the class's name. */
    String name() default "";
}
