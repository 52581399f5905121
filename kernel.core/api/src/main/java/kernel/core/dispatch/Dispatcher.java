package kernel.core.dispatch;

import java.time.Duration;
import java.util.Collection;
import java.util.List;

/**
 * Binds objects to events without the service registry, tells about events, and re-arms handlers. Each bundle gets a
 * dispatcher of its own from the registry: what is bound through it belongs to that bundle, and goes when it stops.
 * Thread-safe; answers are snapshots.
 */
public interface Dispatcher {

    /**
     * The event's stub: the same object that the registry gives.
     *
     * @throws BindingException the interface is no event
     */
    <E> E stub(Class<E> event);

    /**
     * Binds; in effect when it returns.
     *
     * @throws BindingException it does not fit or is not allowed
     */
    <E> Bound bind(Binding<E> binding);

    /**
     * Replaces a set of bindings by another, over any number of events, in one step: a strand that has seen any of the
     * change sees all of it in every raise that it begins after. The removed handlers may still be finishing raises when
     * it returns; {@link Bound#close} on them waits.
     *
     * @param out what goes; all bound by this dispatcher
     * @param in what comes
     * @return what {@code in} became, in its order
     * @throws BindingException one of them does not fit or is not allowed; nothing was changed
     */
    List<Bound> swap(Collection<Bound> out, Collection<Binding<?>> in);

    /**
     * Adds a guard to somebody's binding of an event that the asking bundle owns: it is asked before the binding's own.
     *
     * @param event an interface which the asking bundle owns, see {@link Event.Binders#OWNER}
     * @param binding name of the binding; all of that name get it, those to come included
     * @param guard an object of a functional interface with the event's parameters and a {@code boolean} result
     * @return takes the guard away again when closed
     * @throws BindingException the guard does not fit or the bundle is not the owner
     */
    Bound impose(Class<?> event, String binding, Object guard);

    /** All events that have a stub, by name. */
    List<EventState> events();

    /**
     * Counts and times all raises for a while. Raises cost some tens of nanoseconds more meanwhile, and nothing before and
     * after.
     *
     * @param time how long, up to a minute
     * @return the events with their counts
     * @throws InterruptedException the wait was interrupted; counting has ended
     */
    List<EventState> measure(Duration time) throws InterruptedException;

    /**
     * Lets quarantined handlers run again, with their failures forgotten.
     *
     * @param event simple or full name of the interface, or empty for all
     * @param binding name of the binding, or empty for all
     * @return how many
     */
    int rearm(String event, String binding);

    /**
     * One event.
     *
     * @param name simple ({@code Syscall.syscall}) or full ({@code kernel.core.machine.Syscall.syscall}) name, without
     *            parameters
     * @param bindings what a raise runs, in order, and what is quarantined
     * @param keys names of its keys
     * @param faults what is wrong with registrations that could not be bound; empty when all is well
     * @param count what was measured, null if nothing was
     */
    record EventState(String name, List<BindingState> bindings, List<String> keys, List<String> faults, Count count) {
        /** Copies the lists. */
        public EventState {
            bindings = List.copyOf(bindings);
            keys = List.copyOf(keys);
            faults = List.copyOf(faults);
        }
    }

    /**
     * One binding.
     *
     * @param name the binding's name
     * @param role one of the roles in {@link Binding}
     * @param order as bound, empty if unordered
     * @param guard what has to hold: keys, names of guards; empty if nothing
     * @param modes cancel, async with its queue, limit; empty if none
     * @param bundle symbolic name of the bundle that it came from
     * @param bundleId id of that bundle
     * @param failures how often it failed since it was bound
     * @param trouble empty; or why it is quarantined, since when, and the stack of its last failure
     * @param count what was measured, null if nothing was
     */
    record BindingState(String name, String role, String order, String guard, String modes, String bundle,
            long bundleId, long failures, String trouble, Count count) {}

    /**
     * Raises or calls during a measurement.
     *
     * @param calls how many began
     * @param nanos time spent in those that ended, nanoseconds
     * @param longest of one of them, nanoseconds
     * @param over how long was measured, nanoseconds
     */
    record Count(long calls, long nanos, long longest, long over) {

        /** Calls per second. */
        public double rate() {
            return over == 0 ? 0 : calls * 1e9 / over;
        }
    }
}
