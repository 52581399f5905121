/**
 * Headers, each in two forms: typed views, which read a field where it lies in a packet and allocate nothing; and a record,
 * the value form, which is read and written as a whole. Offsets are where the header begins in the packet. All stateless.
 */
@Version("0.1.0")
package kernel.ext.net.api.header;

import org.osgi.annotation.versioning.Version;
