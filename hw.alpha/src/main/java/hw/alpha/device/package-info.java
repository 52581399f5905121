/** The machine's components: what the bundle registers as services. */
package hw.alpha.device;
