/** A scheduling policy that can be put in force while strands run. */
package bundles.policies.edf;
