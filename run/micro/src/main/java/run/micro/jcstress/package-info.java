/** Tests for jcstress: {@code run/stress}. */
package run.micro.jcstress;
