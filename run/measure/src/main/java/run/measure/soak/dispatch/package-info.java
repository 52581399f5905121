/**
 * The soak {@code dispatch}: everything that the dispatcher does, at once.
 *
 * <p>Each {@link run.measure.soak.dispatch.Actor} runs in a strand of its own and checks what it can know by itself; actors
 * share nothing but events, and the list of failures, which has a lock. What a handler leaves behind for its raiser goes
 * into an object that the raiser hands over and that no other strand sees.
 */
package run.measure.soak.dispatch;
