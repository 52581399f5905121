/**
 * The state of TCP, apart from its code, for the bundles that implement TCP and its congestion control. Connections are data
 * that the stack owns; {@link kernel.ext.net.api.tcp.TcpProtocol} and {@link kernel.ext.net.api.tcp.CongestionControl} are
 * events whose handlers have no state of their own. So either can be replaced in the middle of a transfer: the next segment is
 * handled by the new code, on the same connection. Everything here is used in the stack's strand.
 */
@Version("0.1.0")
package kernel.ext.net.api.tcp;

import org.osgi.annotation.versioning.Version;
