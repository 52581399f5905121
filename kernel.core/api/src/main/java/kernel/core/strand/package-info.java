/**
 * Strands, the schedulable contexts of the kernel (SOSP'95 section 4.2).
 */
@Version("0.1.0")
package kernel.core.strand;

import org.osgi.annotation.versioning.Version;
