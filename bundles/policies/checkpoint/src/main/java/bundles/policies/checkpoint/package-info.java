/** Processes that are written to a file, and go on from it. */
package bundles.policies.checkpoint;
