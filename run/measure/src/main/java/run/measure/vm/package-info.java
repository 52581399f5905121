/** Page faults that an extension resolves, beside the host's: {@code run/bench vm}. */
package run.measure.vm;
