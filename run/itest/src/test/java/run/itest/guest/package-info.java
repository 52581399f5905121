/** A bundle that binds to the event of {@code run.itest.door}. It talks with the test by JDK types. */
package run.itest.guest;
