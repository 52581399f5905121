/**
 * The dispatcher under the two standard harnesses, JMH and jcstress. Both start virtual machines of their own, with a class
 * path and without a framework; {@link run.micro.Kernel} starts one inside.
 */
package run.micro;
