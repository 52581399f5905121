/** Code that runs as a bundle, trusted or not; see {@link run.micro.jmh.Stranger}. */
package run.micro.jmh.stranger;
