/** The soak {@code relink}: events are raised by many while what is bound to them changes all the time. */
package run.measure.soak.relink;
