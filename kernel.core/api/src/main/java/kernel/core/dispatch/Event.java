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
 * it binds, with {@link Intrinsic}, {@link Handler}, {@link Filter} or {@link Default} on its component (or with the
 * properties of {@link Binding}, or by {@link Dispatcher#bind}). Those registrations are seen by the dispatcher alone.
 *
 * <p>A raise runs, in the raiser's strand: the handlers bound {@code first}, the latest first; the other handlers, in the
 * order in which they came; the intrinsic handler; the handlers bound {@code last}, the latest last. The set of bindings
 * is replaced in one step, so a raise sees either all of a change or nothing of it, guards included (SOSP'95 section 3.2;
 * OSDI'96 section 2).
 *
 * <p>A binding that is removed while a raise is under way is not entered any more by that raise. When its removal
 * returns no strand is inside it, except strands that do not leave within {@code spin.event.drain} milliseconds (they are
 * reported), the removing strand itself, if it removes a handler that it is running in, and virtual threads that somebody
 * else than the dispatcher started.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface Event {

    /** How the results of several handlers become the raiser's result. */
    Fold fold() default Fold.LAST;

    /**
     * For {@link Fold#BY}: the name of a public static method of the interface that takes two results, the one so far and
     * the one of the handler that ran last, and gives their combination.
     */
    String folder() default "";

    /** What a raise does that no handler answers. */
    Unanswered unanswered() default Unanswered.WAIT;

    /** What an exception of a handler does to the raise. That of an intrinsic handler always reaches the raiser. */
    Failure failure() default Failure.RAISE;

    /** Who may bind when no {@link Authorizer} of the event's owner says otherwise. */
    Binders binders() default Binders.OWNER;

    /**
     * Whether a raise returns at once and a virtual thread runs the handlers, all of them in order; every method must be
     * without a result. Raises of one event are handled in their order, one after the other. A raiser that is more than
     * {@link #queue} raises ahead waits.
     */
    boolean async() default false;

    /** For {@link #async}: how many raises may be outstanding, 1 to 65,536. */
    int queue() default 1024;

    /**
     * Failures within ten seconds after which a handler (never the only intrinsic one) is quarantined; 0: never. Failures
     * are exceptions which the method does not declare, exceeded time limits, and stalls.
     */
    int tolerance() default 5;

    /**
     * Milliseconds after which a handler that has not returned counts as stalled, once for each such period; 0: handlers
     * of this event may take as long as they like. Intrinsic handlers may always.
     */
    long stall() default 0;

    /** Ways to make one result of several. */
    enum Fold {
        /** The result of the handler that ran last. */
        LAST,
        /**
         * For {@code boolean} events: handlers are asked in order until one answers {@code true}; the others do not run.
         * {@code false} when none did.
         */
        ANY,
        /**
         * For {@code boolean} events: handlers are asked in order until one answers {@code false}; the others do not run.
         * {@code true} when none did.
         */
        ALL,
        /** {@link Event#folder()} combines them. */
        BY
    }

    /** What a raise does that nobody answers: nothing is bound, or no guard held, and there is no default handler. */
    enum Unanswered {
        /**
         * The event needs its intrinsic handler. A raise waits for it, {@code spin.event.wait} milliseconds at most, then
         * throws {@link NoHandlerException}.
         */
        WAIT,
        /** {@link NoHandlerException} at once. */
        FAIL,
        /** Nothing happens: an announcement to whom it concerns. Only for methods without a result. */
        IGNORE
    }

    /** What an exception of a handler does. It is counted and shown in any case. */
    enum Failure {
        /** It ends the raise and reaches the raiser. */
        RAISE,
        /** It is logged, the handler counts as not having run, and the raise goes on. */
        CONTINUE
    }

    /** Who may bind without being asked. */
    enum Binders {
        /**
         * The event's owner: the bundle that defines the interface, and the bundles that provide the intrinsic handler, of
         * which the first comer is the first. All others need an {@link Authorizer}'s consent.
         */
        OWNER,
        /** Everybody, unless an {@link Authorizer} denies it. */
        ANYONE
    }
}
