/**
 * Typed events. An event is an interface method, raising it is calling the stub that the dispatcher publishes
 * as a service, and binding to it is registering a service: see {@link kernel.core.dispatch.Event}.
 */
@Version("0.1.0")
package kernel.core.dispatch;

import org.osgi.annotation.versioning.Version;
