/** What system calls gave to a program, recorded and given again: see the README. */
package bundles.policies.record;
