/** What the soaks have in common. */
package run.measure.soak;
