/** Bundles that nobody trusts, for {@code SandboxIT}. */
package run.itest.stranger;
