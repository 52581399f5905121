/** A shop: declares an event, answers it, and raises it. */
@Version("1.0.0")
package run.samples.shop;

import org.osgi.annotation.versioning.Version;
