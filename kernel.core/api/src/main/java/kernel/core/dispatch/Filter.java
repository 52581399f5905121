package kernel.core.dispatch;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.osgi.service.component.annotations.ComponentPropertyType;

/**
 * On a Declarative Services component: it changes arguments of the event whose interface it provides, as those who come
 * after it see them; the raiser's own values are kept (OSDI'96 section 2.3). Its event methods themselves are not called.
 *
 * <pre>{@code
 * @Component
 * @Filter(filter = "port=translate", order = Binding.FIRST)
 * public class Nat implements Receive {
 *     public int translate(Packet packet, int port) { return port == 8080 ? 80 : port; }
 *     public void receive(Packet packet, int port) {}
 * }
 * }</pre>
 */
@ComponentPropertyType
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.TYPE)
public @interface Filter {

    /** Prefix of the service properties that the members stand for. */
    String PREFIX_ = "kernel.event.";

    /** Always {@value Binding#FILTER}: it is what makes the component a filter. */
    String role() default Binding.FILTER;

    /**
     * {@code PARAMETER=METHOD}, one or more, applied one after the other: the method has the event's parameters and the
     * type of the named one; what it returns takes the place of that argument. Parameters are named by number, from 0, or
     * by {@link Key} name, or by their name if the interface was compiled with {@code -parameters}.
     */
    String[] filter();

    /** See {@link Handler#order()}. */
    String order() default "";

    /** See {@link Handler#guard()}: when it does not hold nothing is changed. */
    String guard() default "";

    /** See {@link Handler#methods()}. */
    String[] methods() default {};

    /** See {@link Handler#name()}. */
    String name() default "";
}
