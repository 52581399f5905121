/**
 * The measuring drivers {@code run/bench} and {@code run/soak}, and what benchmarks and soaks share: rows, targets, rounds,
 * peers, progress and reports. {@code docs/measuring.md} is the manual.
 */
package run.measure;
