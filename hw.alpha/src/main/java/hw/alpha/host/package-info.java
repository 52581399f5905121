/** Calls of the host's C library. */
package hw.alpha.host;
