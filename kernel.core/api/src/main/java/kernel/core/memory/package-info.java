/**
 * Physical frames, translations from virtual to physical addresses, and the events that the translation
 * hardware raises (SPIN's PhysAddr, VirtAddr and Translation, SOSP'95 section 4.1).
 */
@Version("0.1.0")
package kernel.core.memory;

import org.osgi.annotation.versioning.Version;
