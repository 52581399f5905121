/** What {@code run/bench net} measures: datagrams inside one machine, and TCP over a wire within it, beside the host's Linux. */
package run.measure.net;
