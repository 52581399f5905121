/**
 * Domains: what a bundle may reach, decided when it is linked (SPIN's domains and linker, SOSP '95, 3.1). The service {@link
 * kernel.core.domain.Domains} tells.
 */
@Version("0.1.0")
package kernel.core.domain;

import org.osgi.annotation.versioning.Version;
