package kernel.core.dispatch;

import java.util.List;

/**
 * What the dispatcher tells about events; binding and raising go through the service registry (see {@link Event}).
 * Thread-safe; answers are snapshots.
 */
public interface Dispatcher {

    /** All events that have a stub, by name. */
    List<EventState> events();

    /**
     * One event.
     *
     * @param name simple ({@code Syscall.syscall}) or full ({@code kernel.core.machine.Syscall.syscall}) name, without
     *            parameters
     * @param bindings what a raise runs, in order
     * @param faults what is wrong with registrations that could not be bound; empty when all is well
     */
    record EventState(String name, List<BindingState> bindings, List<String> faults) {
        /** Copies the lists. */
        public EventState {
            bindings = List.copyOf(bindings);
            faults = List.copyOf(faults);
        }
    }

    /**
     * One binding.
     *
     * @param name the binding's name
     * @param role {@link Binding#INTRINSIC} or {@link Binding#HANDLER}
     * @param order as registered, empty if unordered
     * @param guard name of the guard method, empty if none
     * @param bundle symbolic name of the bundle that it came from
     * @param bundleId id of that bundle
     */
    record BindingState(String name, String role, String order, String guard, String bundle, long bundleId) {}
}
