/** Sample: the network in a Java program without OSGi. */
package run.samples.plain;
