/**
 * What applications hold of a network (connections, listeners, ports, diversions), apart from the stack that serves it. The objects
 * are of this bundle and share a lock of the JDK, so that a stack which is updated leaves them to its successor
 * ({@link kernel.ext.net.api.handle.Handles}) and strands that wait in them do not notice. For those who implement
 * {@link kernel.ext.net.api.Network}.
 */
@Version("0.1.0")
package kernel.ext.net.api.handle;

import org.osgi.annotation.versioning.Version;
