/** Address spaces made of regions, and the pagers that fill them. */
@Version("0.1.0")
package kernel.ext.vm.api;

import org.osgi.annotation.versioning.Version;
