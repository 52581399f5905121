/** A program's own handling of page faults, as code in the kernel. */
package bundles.policies.vmload;
