package kernel.core.dispatch;

import java.util.List;

/**
 * Decides who may bind to an event, on behalf of its owner (OSDI'96 section 2.5). The owner registers a service of this
 * type with the property {@value Binding#AUTHORIZES}: the full names of the event interfaces. It is asked about every
 * binding of other bundles before it takes effect, again when the binding's properties change, and about all of them
 * when a new authorizer takes over. While the owner is being updated, what it allowed stays, and new requests are
 * denied until its authorizer is back.
 *
 * <p>Implementations are thread-safe and quick; an exception denies.
 */
@FunctionalInterface
public interface Authorizer {

    /**
     * Decides.
     *
     * @param request who wants what
     * @return the decision, not null
     */
    Decision decide(Request request);

    /**
     * What is asked for.
     *
     * @param event full name of the interface
     * @param role {@link Binding#INTRINSIC}, {@link Binding#HANDLER}, {@link Binding#FILTER} or {@link Binding#DEFAULT}
     * @param name the binding's name
     * @param order see {@link Handler#order()}
     * @param keys see {@link Handler#key()}
     * @param async see {@link Handler#async()}
     * @param limit see {@link Handler#limit()}, microseconds
     * @param bundle symbolic name of the bundle that asks
     * @param bundleId its id
     * @param credential what the bundle gave along for the authorizer, see {@link Binding#CREDENTIAL}; may be null
     */
    record Request(String event, String role, String name, String order, List<String> keys, boolean async, long limit,
            String bundle, long bundleId, Object credential) {
        /** Copies the list. */
        public Request {
            keys = List.copyOf(keys);
        }
    }

    /**
     * The answer, immutable. {@link #allow()} is the whole of what was asked for; its {@code with} methods constrain it.
     *
     * @param allowed whether the binding takes effect
     * @param reason for a denial: why, and what to do
     * @param order null, or the order that it gets instead
     * @param limit -1, or the time limit that it gets instead, microseconds
     * @param async whether it must be asynchronous
     * @param guards objects of functional interfaces with the event's parameters and a {@code boolean} result: guards that
     *            are asked before the binding's own
     */
    record Decision(boolean allowed, String reason, String order, long limit, boolean async, List<Object> guards) {

        /** Copies the list. */
        public Decision {
            guards = List.copyOf(guards);
        }

        /** As asked for. */
        public static Decision allow() {
            return new Decision(true, "", null, -1, false, List.of());
        }

        /** Not at all. */
        public static Decision deny(String reason) {
            return new Decision(false, reason, null, -1, false, List.of());
        }

        /** The same in this order. */
        public Decision withOrder(String newOrder) {
            return new Decision(allowed, reason, newOrder, limit, async, guards);
        }

        /** The same with this time limit, microseconds. */
        public Decision withLimit(long microseconds) {
            return new Decision(allowed, reason, order, microseconds, async, guards);
        }

        /** The same, asynchronous. */
        public Decision withAsync() {
            return new Decision(allowed, reason, order, limit, true, guards);
        }

        /** The same with one more guard, asked before the binding's own. */
        public Decision withGuard(Object guard) {
            List<Object> more = new java.util.ArrayList<>(guards);
            more.add(guard);
            return new Decision(allowed, reason, order, limit, async, more);
        }
    }
}
