/** Whole Alpha programs under the kernel, beside qemu-alpha. */
package run.measure.exec;
