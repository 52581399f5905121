package kernel.ext.net.tcp;

import kernel.ext.net.api.tcp.Tcb;

/** Round-trip times and the retransmission timeout (RFC 6298). */
final class Rtt {

    static final long MILLISECOND = 1_000_000;
    /** Shortest timeout: as most stacks have it, a fifth of what the RFC says, since delayed acknowledgments are shorter. */
    private static final long MIN_RTO = 200 * MILLISECOND;
    private static final long MAX_RTO = 60_000 * MILLISECOND;

    private Rtt() {}

    static void sample(Tcb t, long rtt) {
        long r = Math.max(1, rtt);
        t.minRtt = Math.min(t.minRtt, r);
        if (t.srtt == 0) {
            t.srtt = r;
            t.rttVariation = r / 2;
        } else {
            t.rttVariation = (3 * t.rttVariation + Math.abs(t.srtt - r)) / 4;
            t.srtt = (7 * t.srtt + r) / 8;
        }
        t.rto = Math.clamp(t.srtt + Math.max(MILLISECOND, 4 * t.rttVariation), MIN_RTO, MAX_RTO);
    }

    /** With backoff. */
    static long timeout(Tcb t) {
        return Math.min(MAX_RTO, t.rto << Math.min(t.backoff, 9));
    }

    /** The stack's time as it stands in timestamps: milliseconds. */
    static int stamp(Tcb t, long now) {
        return (int) (now / MILLISECOND) + t.tsOffset;
    }
}
