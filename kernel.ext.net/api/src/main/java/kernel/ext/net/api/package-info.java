/**
 * The network as extensions and applications see it: addresses, packets, the events that are the nodes of the protocol
 * graph, and the services by which applications open endpoints. A stack is single-threaded: whoever runs it holds its lock
 * (see the README of kernel.ext.net); what is said of a method's strand is said of that lock.
 */
@Version("0.1.0")
package kernel.ext.net.api;

import org.osgi.annotation.versioning.Version;
