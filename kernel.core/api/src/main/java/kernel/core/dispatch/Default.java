package kernel.core.dispatch;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.osgi.service.component.annotations.ComponentPropertyType;

/**
 * On a Declarative Services component: it is the default handler of the events whose interfaces it provides. It answers
 * a raise that no other handler has answered, because none is bound, no guard held, or those that ran were stopped
 * (OSDI'96 section 2.3). When several are registered the one with the highest service ranking is in force.
 */
@ComponentPropertyType
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.TYPE)
public @interface Default {

    /** Prefix of the service properties that the members stand for. */
    String PREFIX_ = "kernel.event.";

    /** Always {@value Binding#DEFAULT}: it is what makes the component a default handler. */
    String role() default Binding.DEFAULT;

    /** See {@link Handler#name()}. */
    String name() default "";
}
