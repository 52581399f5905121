package kernel.core.dispatch;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Declares that every abstract method of the annotated public interface is an event.
 *
 * <p>Who raises an event takes a service of the interface, as of any other service, and calls it. What it gets is the
 * event's stub: the dispatcher publishes exactly one for each interface and keeps it published while what is bound
 * behind it comes and goes. Who provides or extends the event registers a service of the same interface that says how
 * it binds, with {@link Intrinsic} or {@link Handler} on its component (or with the properties of {@link Binding}).
 * Those registrations are seen by the dispatcher alone.
 *
 * <p>A raise runs, in the raiser's strand: the handlers bound {@code first}, the latest first; the other handlers, in the
 * order in which they came; the intrinsic handler; the handlers bound {@code last}, the latest last. The whole set of bindings is replaced in one step, so
 * a raise sees either all of a change or nothing of it. An exception from a handler ends the raise and reaches the
 * raiser (SOSP'95 section 3.2; OSDI'96 section 2).
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface Event {

    /** How the results of several handlers become the raiser's result. */
    Fold fold() default Fold.LAST;

    /** Ways to make one result of several. */
    enum Fold {
        /** The result of the handler that ran last. */
        LAST,
        /**
         * For {@code boolean} events: handlers are asked in order until one answers {@code true}; the others do not run.
         * {@code false} when none did.
         */
        ANY
    }
}
