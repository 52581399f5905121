/** A policy of page replacement that can be put in force while programs run. */
package bundles.policies.random;
