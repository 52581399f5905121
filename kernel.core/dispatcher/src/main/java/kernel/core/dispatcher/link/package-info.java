/**
 * Code that is generated for events, and what it calls. For each event interface there is one {@link
 * kernel.core.dispatcher.link.Family} of classes in a class loader of its own below the interface's:
 *
 * <pre>
 * stub     what raisers call. It passes on, through a call site, to an entry
 * entry    reads the plan, a volatile static of the stub, and calls it. A new one is made when another kind of plan has
 *          been in force for a while, so that HotSpot's type profile of the call is that of the plan
 * plan     an object of the event's interface: the intrinsic handler itself; or a shape, an unrolled sequence of guards and
 *          handlers in its fields, of which the class is shared by all plans with the same sequence; or a walk, a loop over
 *          an array, for sequences that have no shape yet or are too long for one; or a switch over a key's values
 * </pre>
 *
 * <p>To change what a raise does is to make a plan and to store it: no code is invalidated, nobody waits. Classes are
 * generated in the background for sequences that stay, and are the same for all that look alike, so a change of one
 * handler for another costs neither. Fields of plans are final; HotSpot inlines through them by the profile that each
 * place of each shape has for itself.
 */
package kernel.core.dispatcher.link;
