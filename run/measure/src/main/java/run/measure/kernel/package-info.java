/**
 * A child virtual machine with a framework, the core of the kernel, and this module's own jar as a bundle in it: what is
 * measured there uses the kernel as any extension does.
 */
package run.measure.kernel;
