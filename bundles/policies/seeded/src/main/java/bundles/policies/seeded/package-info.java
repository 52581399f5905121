/** A scheduling policy whose choices a seed decides. */
package bundles.policies.seeded;
