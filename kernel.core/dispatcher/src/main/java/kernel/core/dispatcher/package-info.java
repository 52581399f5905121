/**
 * The event dispatcher: finds bindings in the service registry, hides them, and publishes in their place one stub for each
 * event, linked to call what is bound.
 *
 * <p>Who owns what: {@link kernel.core.dispatcher.EventTable} owns the map from interfaces to
 * {@link kernel.core.dispatcher.EventType}s and the services obtained for them; its lock is held while the set of bindings
 * of one event is changed and relinked, never while foreign code (a service being obtained, a stub being registered) runs.
 * Raises take no lock: they go through call sites whose targets are replaced as a whole.
 */
package kernel.core.dispatcher;
