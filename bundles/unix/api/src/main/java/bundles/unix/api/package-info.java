/** UNIX processes, for the shell and for extensions. */
@Version("0.1.0")
package bundles.unix.api;

import org.osgi.annotation.versioning.Version;
