package kernel.core.handoff;

/**
 * A provider that stops leaves its state here, and its successor, the bundle of the same symbolic name that starts next, takes it. Each
 * bundle gets a service of its own, so nobody takes what somebody else left. What is left stays until it is taken or
 * replaced, its bundle is uninstalled, or the core itself is updated. Thread-safe.
 */
public interface Handoff {

    /**
     * Leaves state; what was left under that name before is forgotten.
     *
     * @param name of it
     * @param state of a type of the JDK, of {@code kernel.core} or of an api that the provider imports, and so what is in it: the
     *            provider's own classes go with it. Who takes it checks its type: the api may have been updated as well
     * @throws IllegalArgumentException it is of a type of the provider itself
     */
    void leave(String name, Object state);

    /**
     * Takes state, which is nobody's in the core from now on.
     *
     * @return null if nothing was left, or it was taken
     */
    Object take(String name);
}
