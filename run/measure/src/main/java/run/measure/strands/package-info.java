/** Strands beside the host's threads: {@code run/bench strands}. */
package run.measure.strands;
