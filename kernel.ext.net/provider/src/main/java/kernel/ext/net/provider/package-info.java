/**
 * The protocols below TCP, and the service by which applications use the network. {@link kernel.ext.net.provider.Stack} and what
 * it is made of know nothing of OSGi, threads or clocks: whoever holds a stack runs it and tells it the time.
 * {@link kernel.ext.net.provider.NetworkService} is what holds the kernel's, under one lock; a strand of its own lets the stack
 * know when a deadline has come.
 */
package kernel.ext.net.provider;
