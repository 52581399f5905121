package kernel.core.dispatch;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.osgi.service.component.annotations.ComponentPropertyType;

/**
 * On a Declarative Services component: it is the intrinsic handler of the events whose interfaces it provides, the
 * procedure that runs when nobody has extended them. When several are registered the one with the highest service
 * ranking is in force, so registering a higher one replaces it and unregistering that one restores it.
 */
@ComponentPropertyType
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.TYPE)
public @interface Intrinsic {

    /** Prefix of the service properties that the members stand for. */
    String PREFIX_ = "kernel.event.";

    /** Always {@value Binding#INTRINSIC}: it is what makes the component intrinsic. */
    String role() default Binding.INTRINSIC;

    /** See {@link Handler#name()}. */
    String name() default "";
}
