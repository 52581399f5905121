/**
 * The machine as the kernel sees it, whatever its instruction set: processors that run user code, the traps
 * they raise as events, console, clock and power.
 */
@Version("0.1.0")
package kernel.core.machine;

import org.osgi.annotation.versioning.Version;
