package kernel.ext.net.tcp;

import kernel.ext.net.api.header.Tcp;
import kernel.ext.net.api.tcp.Segment;
import kernel.ext.net.api.tcp.SentSegments;
import kernel.ext.net.api.tcp.Tcb;

/** What a segment acknowledges, what follows for what was sent, and what must be lost (RFC 9293, RFC 6675, RFC 8985). */
final class Acknowledgment {

    /** Acknowledgments that say that something is missing, after which it is held lost. */
    private static final int DUPLICATES = 3;

    private Acknowledgment() {}

    /** @return false if it acknowledges what was never sent, or what was acknowledged long ago: not to be trusted */
    static boolean process(Tcb t, Segment s, long now) {
        int ack = s.acknowledgment;
        if (Seq.less(t.sndNxt, ack) || Seq.less(ack, t.sndUna - t.maxSndWnd)) {
            return false;
        }
        int inFlight = t.inFlight();
        int sackedBefore = t.sent.sackedBytes();
        int unaBefore = t.sndUna;
        if (t.sackOn) {
            sack(t, s, now);
        }
        boolean windowChanged = window(t, s);
        boolean progress = t.sent.sackedBytes() != sackedBefore;
        if (Seq.less(t.sndUna, ack)) {
            progress = true;
            advance(t, s, now);
            if (t.sackOn || !t.recovering) {
                t.duplicateAcks = 0;
            }
        } else if (ack == t.sndUna && t.sent.count() > 0 && s.length == 0 && !windowChanged && !s.is(Tcp.FIN)) {
            t.duplicateAcks++;
        }
        if (progress || t.duplicateAcks > 0 || t.recovering) {
            losses(t, now, unaBefore);
        }
        grow(t, t.sndUna - unaBefore, inFlight, now);
        if (t.finSent && t.sndUna == t.sndNxt) {
            Closing.finAcknowledged(t, now);
        }
        return true;
    }

    private static boolean window(Tcb t, Segment s) {
        int ack = s.acknowledgment;
        if (Seq.less(ack, t.sndUna)) {
            return false;
        }
        if (Seq.less(t.sndWl1, s.sequence) || t.sndWl1 == s.sequence && Seq.atMost(t.sndWl2, ack)) {
            int window = s.window << t.sndScale;
            boolean changed = window != t.sndWnd;
            t.sndWnd = window;
            t.maxSndWnd = Math.max(t.maxSndWnd, window);
            t.sndWl1 = s.sequence;
            t.sndWl2 = ack;
            return changed;
        }
        return false;
    }

    private static void sack(Tcb t, Segment s, long now) {
        for (int k = 0; k < s.sacks; k++) {
            int from = s.sackFrom[k];
            int to = s.sackTo[k];
            // one that lies behind tells of a duplicate; one that makes no sense, of nothing
            if (!Seq.less(from, to) || Seq.less(from, t.sndUna) || Seq.less(t.sndNxt, to)) {
                continue;
            }
            for (int i = t.sent.find(from); i < t.sent.count() && Seq.less(t.sent.from(i), to); i++) {
                int marks = t.sent.marks(i);
                boolean whole = Seq.atMost(from, t.sent.from(i)) && Seq.atMost(t.sent.to(i), to);
                if (whole && (marks & SentSegments.SACKED) == 0) {
                    delivered(t, i, now);
                    t.sent.mark(i, marks & ~SentSegments.LOST | SentSegments.SACKED);
                    t.highestSacked = Seq.later(t.highestSacked, t.sent.to(i));
                }
            }
        }
    }

    /** RACK's steps 1 to 3: a segment is known to have arrived (RFC 8985 section 6.2). */
    private static void delivered(Tcb t, int i, long now) {
        int marks = t.sent.marks(i);
        long time = t.sent.time(i);
        int end = t.sent.to(i);
        if ((marks & SentSegments.AGAIN) != 0) {
            if (now - time < t.minRtt) {
                return; // it was the first one that arrived
            }
        } else if (Seq.less(end, t.highestSacked) && (marks & SentSegments.LOST) == 0) {
            t.reordering = true;
        }
        if (time > t.rackTime || time == t.rackTime && Seq.less(t.rackEnd, end)) {
            t.rackTime = time;
            t.rackEnd = end;
            t.rackRtt = now - time;
        }
    }

    private static void advance(Tcb t, Segment s, long now) {
        int ack = s.acknowledgment;
        long sample = -1;
        while (t.sent.count() > 0 && Seq.atMost(t.sent.to(0), ack)) {
            int marks = t.sent.marks(0);
            if ((marks & SentSegments.SACKED) == 0) {
                delivered(t, 0, now);
                if ((marks & SentSegments.AGAIN) == 0) {
                    sample = now - t.sent.time(0);
                }
            }
            t.sent.removeFirst();
        }
        if (t.sent.count() > 0 && Seq.less(t.sent.from(0), ack)) {
            t.sent.trimFirst(ack);
        }
        t.sndUna = ack;
        t.highestSacked = Seq.later(t.highestSacked, ack);
        int data = Math.min(t.output.size(), ack - t.sndBase);
        if (data > 0) {
            t.output.drop(data);
            t.sndBase += data;
        }
        if (sample < 0 && t.timestampsOn && s.tsEcho != 0) {
            long age = Rtt.stamp(t, now) - s.tsEcho;
            sample = age >= 0 && age < 60_000 ? age * Rtt.MILLISECOND : -1;
        }
        if (sample >= 0) {
            Rtt.sample(t, sample);
        }
        t.backoff = 0;
        t.probing = false;
        t.set(Tcb.RETRANSMIT, t.sent.count() > 0 ? now + Rtt.timeout(t) : Tcb.NEVER);
        t.set(Tcb.PROBE, Tcb.NEVER);
        if (t.recovering && Seq.atMost(t.recoveryPoint, ack)) {
            t.recovering = false;
            t.timedOut = false;
            t.duplicateAcks = 0;
            t.table.congestion.recovered(t, now);
        }
    }

    private static void losses(Tcb t, long now, int unaBefore) {
        if (t.sackOn) {
            if (t.sent.sackedBytes() > 0 || t.recovering) {
                rack(t, now);
            }
        } else if (t.sent.count() > 0 && (t.sent.marks(0) & SentSegments.LOST) == 0) {
            boolean third = t.duplicateAcks == DUPLICATES && !t.recovering;
            boolean partial = t.recovering && t.sndUna != unaBefore; // RFC 6582 section 3.2, step 3
            if (third || partial) {
                t.sent.mark(0, t.sent.marks(0) | SentSegments.LOST);
            }
        }
        if (t.sent.lostBytes() > 0 && !t.recovering) {
            t.recovering = true;
            t.timedOut = false;
            t.recoveryPoint = t.sndNxt;
            t.table.counters.recoveries++;
            t.table.congestion.lost(t, now);
        }
    }

    /** RACK's step 5: what was sent well before something that arrived is lost (RFC 8985 section 6.2). */
    static void rack(Tcb t, long now) {
        long patience = t.minRtt == Tcb.NEVER ? Rtt.MILLISECOND : t.minRtt / 4;
        if (!t.reordering && (t.recovering || t.sent.sackedCount() >= DUPLICATES)) {
            patience = 0;
        }
        long next = Tcb.NEVER;
        for (int i = 0; i < t.sent.count(); i++) {
            int marks = t.sent.marks(i);
            long time = t.sent.time(i);
            boolean before = time < t.rackTime || time == t.rackTime && Seq.less(t.sent.to(i), t.rackEnd);
            if ((marks & (SentSegments.SACKED | SentSegments.LOST)) != 0 || !before) {
                continue;
            }
            long due = time + t.rackRtt + patience;
            if (due <= now) {
                t.sent.mark(i, marks | SentSegments.LOST);
            } else {
                next = Math.min(next, due);
            }
        }
        t.set(Tcb.REORDER, next);
    }

    /** The congestion window grows while it is what holds the sender back (RFC 7661 section 4.3, in short). */
    private static void grow(Tcb t, int acked, int inFlight, long now) {
        boolean limited = inFlight + 2 * t.mss >= t.cwnd || t.cwnd < t.ssthresh && 2 * inFlight >= t.cwnd;
        if (acked > 0 && limited && (!t.recovering || t.timedOut)) {
            t.table.congestion.acknowledged(t, acked, now);
        }
    }
}
