/** Counts and times of system calls, page faults and translations, told at the end. */
package bundles.policies.stats;
