/** System calls that are allowed, denied or deadly, as a file of rules says. */
package bundles.policies.filter;
