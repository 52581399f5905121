/** How long the machine takes to its prompt, beside a bare Felix with the same shell. */
package run.measure.boot;
