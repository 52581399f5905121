/** {@code run/soak strands}: strands of all kinds under policies that change and fail. */
package run.measure.soak.strands;
