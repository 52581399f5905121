/** What raising an event costs beside calling the procedure directly (OSDI'96 table 1). */
package run.measure.dispatch;
