/** Benchmarks for JMH: {@code run/jmh}. */
package run.micro.jmh;
