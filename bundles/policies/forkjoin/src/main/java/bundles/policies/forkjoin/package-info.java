/** A thread package for fork and join. */
package bundles.policies.forkjoin;
