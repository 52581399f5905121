/**
 * What a provider leaves for its successor when it is updated.
 */
@Version("0.1.0")
package kernel.core.handoff;

import org.osgi.annotation.versioning.Version;
