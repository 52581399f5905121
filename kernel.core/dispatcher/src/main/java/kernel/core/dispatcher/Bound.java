package kernel.core.dispatcher;

import kernel.core.dispatch.Binding;

/**
 * One binding: a service, and how it said it wants to be bound.
 *
 * @param service what is called
 * @param role {@link Binding#INTRINSIC} or {@link Binding#HANDLER}
 * @param name for people, and for {@code before:} and {@code after:}
 * @param order see {@link kernel.core.dispatch.Handler#order()}
 * @param guard name of the guard method, or empty
 * @param rank service ranking: decides between intrinsic handlers
 * @param sequence number that grows with each registration
 * @param bundle symbolic name of the bundle that registered it
 * @param bundleId its id
 */
record Bound(Object service, String role, String name, String order, String guard, int rank, long sequence,
        String bundle, long bundleId) {

    boolean intrinsic() {
        return role.equals(Binding.INTRINSIC);
    }
}
