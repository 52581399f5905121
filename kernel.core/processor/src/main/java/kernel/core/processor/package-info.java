/**
 * Checks the annotations of {@code kernel.core.dispatch} when they are compiled, by the rules that the dispatcher has when
 * they are bound. Runs in the compiler's thread and keeps nothing but the names of types that wait for another round.
 */
package kernel.core.processor;
