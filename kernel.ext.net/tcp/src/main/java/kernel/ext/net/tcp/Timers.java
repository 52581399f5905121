package kernel.ext.net.tcp;

import kernel.ext.net.api.tcp.SentSegments;
import kernel.ext.net.api.tcp.Tcb;
import kernel.ext.net.api.tcp.TcpState;

/** Deadlines that have come. */
final class Timers {

    private static final long SECOND = 1_000_000_000L;
    static final long DELAYED_ACK = 40 * Rtt.MILLISECOND;
    /** Twice the longest life of a segment, which is taken to be half a minute. */
    static final long TIME_WAIT = 60 * SECOND;
    /** How long the other side may keep its half open after the application has gone. */
    static final long LINGER_TIME = 60 * SECOND;
    private static final int SYN_TRIES = 6;
    private static final int TRIES = 15;
    /** Timeouts after which segments are held too big for a path that does not say so (RFC 4821, in its simplest form). */
    private static final int BLACK_HOLE = 3;
    private static final int KEEP_ALIVE_TRIES = 9;
    private static final long KEEP_ALIVE_PAUSE = 75 * SECOND;

    private Timers() {}

    static void expire(Tcb t, long now) {
        for (int which = 0; which < t.timer.length; which++) {
            if (t.timer[which] <= now && t.state != TcpState.CLOSED) {
                t.set(which, Tcb.NEVER);
                expire(t, which, now);
            }
        }
    }

    private static void expire(Tcb t, int which, long now) {
        switch (which) {
            case Tcb.RETRANSMIT -> retransmit(t, now);
            case Tcb.PERSIST -> persist(t, now);
            case Tcb.REORDER -> {
                Acknowledgment.rack(t, now);
                if (t.sent.lostBytes() > 0 && !t.recovering) {
                    t.recovering = true;
                    t.recoveryPoint = t.sndNxt;
                    t.table.counters.recoveries++;
                    t.table.congestion.lost(t, now);
                }
                Output.run(t, now);
            }
            case Tcb.PROBE -> tailLossProbe(t, now);
            case Tcb.DELAYED_ACK -> {
                t.ackNow = true;
                Output.run(t, now);
            }
            case Tcb.KEEP_ALIVE -> keepAlive(t, now);
            default -> Closing.end(t, null);
        }
    }

    private static void retransmit(Tcb t, long now) {
        boolean opening = !t.state.synchronised();
        t.backoff++;
        if (t.backoff > (opening ? SYN_TRIES : TRIES)) {
            Closing.end(t, "Connection timed out");
            return;
        }
        if (opening) {
            Handshake.sendSyn(t, now);
            return;
        }
        if (t.sent.count() == 0) {
            return;
        }
        t.table.counters.timeouts++;
        boolean reneged = (t.sent.marks(0) & SentSegments.SACKED) != 0;
        for (int i = 0; i < t.sent.count(); i++) {
            int marks = t.sent.marks(i) & (reneged ? ~SentSegments.SACKED : -1);
            t.sent.mark(i, (marks & SentSegments.SACKED) != 0 ? marks : marks | SentSegments.LOST);
        }
        t.table.congestion.timedOut(t, now);
        t.recovering = true;
        t.timedOut = true;
        t.recoveryPoint = t.sndNxt;
        t.duplicateAcks = 0;
        t.probing = false;
        int small = Handshake.defaultMss(t.remote);
        if (t.backoff >= BLACK_HOLE && t.sent.to(0) - t.sent.from(0) > small) {
            t.mss = small;
        }
        t.set(Tcb.RETRANSMIT, now + Rtt.timeout(t));
        t.set(Tcb.REORDER, Tcb.NEVER);
        Output.run(t, now);
    }

    private static void persist(Tcb t, long now) {
        if (t.sent.count() > 0 || !t.state.sends()) {
            return;
        }
        t.backoff++;
        if (t.backoff > TRIES && now - t.heardAt > TRIES * SECOND) {
            Closing.end(t, "Connection timed out");
            return;
        }
        Output.fresh(t, now, true);
        if (t.sent.count() == 0) {
            Output.probe(t, now);
        } else {
            t.backoff = 0;
        }
        Output.run(t, now);
    }

    /** RFC 8985 section 7.3: something new, else the last segment again. */
    private static void tailLossProbe(Tcb t, long now) {
        if (t.sent.count() == 0 || t.recovering) {
            return;
        }
        t.probing = true;
        t.table.counters.probes++;
        int before = t.sndNxt;
        int cwnd = t.cwnd;
        t.cwnd = t.inFlight() + t.mss;
        Output.fresh(t, now, false);
        t.cwnd = cwnd;
        if (t.sndNxt == before) {
            int last = t.sent.count() - 1;
            while (last > 0 && (t.sent.marks(last) & SentSegments.SACKED) != 0) {
                last--;
            }
            Output.resend(t, last, now);
        }
        t.set(Tcb.RETRANSMIT, now + Rtt.timeout(t));
        Output.run(t, now);
    }

    private static void keepAlive(Tcb t, long now) {
        if (t.keepAlive <= 0 || !t.state.synchronised()) {
            return;
        }
        long idle = now - t.heardAt;
        if (idle < t.keepAlive) {
            t.set(Tcb.KEEP_ALIVE, t.heardAt + t.keepAlive);
            return;
        }
        if (t.keepAliveProbes++ >= KEEP_ALIVE_TRIES) {
            Output.reset(t, now);
            Closing.end(t, "Connection timed out");
            return;
        }
        Output.probe(t, now);
        t.set(Tcb.KEEP_ALIVE, now + KEEP_ALIVE_PAUSE);
    }
}
