/**
 * A server of GDB's remote serial protocol (GDB manual, appendix E) for one program that was started for it. {@code GdbServer} listens,
 * {@code GdbSession} answers packets, {@code Target} holds and lets go threads, {@code Breakpoints} knows what is planted.
 */
package bundles.unix.provider.gdb;
