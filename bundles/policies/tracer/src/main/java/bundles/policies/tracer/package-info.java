/** The model of an extension: traces system calls, as strace does. Explained in docs/extensions.md. */
package bundles.policies.tracer;
