/** An owner of an event, for {@code GuestsIT}. It talks with the test by JDK types. */
package run.itest.door;
