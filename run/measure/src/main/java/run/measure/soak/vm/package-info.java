/** {@code run/soak vm}: programs that are swapped while page replacement and stores are exchanged. */
package run.measure.soak.vm;
