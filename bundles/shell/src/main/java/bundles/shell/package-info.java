/**
 * What the operator types, and what happens at boot: the commands of the Gogo shell, the commands given with
 * {@code run/spin -c}, the one program of {@code run/spin exec}.
 */
package bundles.shell;
