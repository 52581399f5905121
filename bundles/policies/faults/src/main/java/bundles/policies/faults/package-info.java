/** System calls that fail now and then, as a seed decides. */
package bundles.policies.faults;
