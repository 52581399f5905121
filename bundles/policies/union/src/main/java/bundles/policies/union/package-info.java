/** A folder that is read in one place and written to in another. */
package bundles.policies.union;
