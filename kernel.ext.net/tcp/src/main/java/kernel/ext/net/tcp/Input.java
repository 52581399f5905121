package kernel.ext.net.tcp;

import kernel.ext.net.api.Checksum;
import kernel.ext.net.api.Packet;
import kernel.ext.net.api.header.Ipv4;
import kernel.ext.net.api.header.Tcp;
import kernel.ext.net.api.tcp.Segment;
import kernel.ext.net.api.tcp.Tcb;
import kernel.ext.net.api.tcp.TcpListening;
import kernel.ext.net.api.tcp.TcpState;
import kernel.ext.net.api.tcp.TcpTable;

/** Segments that arrive (RFC 9293 section 3.10.7). */
final class Input {

    /** After so long a timestamp may have gone round (RFC 7323 section 5.5). */
    private static final long STALE = 24L * 24 * 3600 * 1_000_000_000L;
    /** Full segments that are acknowledged together at most. */
    private static final int TOGETHER = 16;

    private Input() {}

    static void segment(TcpTable table, Packet p, long now) {
        Segment s = table.segment;
        table.counters.received++;
        if (!s.read(p) || !p.intact() && checksum(p) != 0) {
            table.counters.damaged++;
            return;
        }
        Tcb t = table.find(p.destinationHigh(), p.destinationLow(), s.destination, p.sourceHigh(), p.sourceLow(),
                s.source);
        if (t != null && t.state == TcpState.TIME_WAIT && startsAnew(t, s)) {
            Closing.end(t, null);
            t = null;
        }
        if (t == null) {
            TcpListening listening = table.listener(p.destinationHigh(), p.destinationLow(), s.destination);
            if (listening == null) {
                Output.reset(table, s, now);
            } else {
                Handshake.listen(table, listening, s, now);
            }
            return;
        }
        if (t.state == TcpState.SYN_SENT) {
            Handshake.answered(t, s, now);
        } else {
            forConnection(t, s, now);
        }
        table.schedule(t);
    }

    private static int checksum(Packet p) {
        int length = p.end() - p.transport();
        long sum = Checksum.address(Checksum.address(0, p.sourceHigh(), p.sourceLow()), p.destinationHigh(),
                p.destinationLow());
        return Checksum.of(p.sum(sum + Ipv4.TCP + length, p.transport(), length));
    }

    /** Whether a SYN may take the place of a connection in TIME_WAIT (RFC 9293 section 3.10.7.4, RFC 6191). */
    private static boolean startsAnew(Tcb t, Segment s) {
        boolean newer = t.timestampsOn && s.timestamps
                ? s.tsValue - t.tsRecent > 0 || s.tsValue == t.tsRecent && Seq.less(t.rcvNxt, s.sequence)
                : Seq.less(t.rcvNxt, s.sequence);
        return s.is(Tcp.SYN) && !s.is(Tcp.ACK) && !s.is(Tcp.RST) && newer;
    }

    private static void forConnection(Tcb t, Segment s, long now) {
        t.heardAt = now;
        if (t.keepAliveProbes > 0 && t.keepAlive > 0) {
            t.set(Tcb.KEEP_ALIVE, now + t.keepAlive);
        }
        t.keepAliveProbes = 0;
        if (t.state == TcpState.SYN_RECEIVED && t.listening == null && s.is(Tcp.SYN) && s.is(Tcp.ACK)
                && s.sequence == t.irs) { // both have asked at the same time: what it acknowledges counts (figure 8)
            s.flags &= ~Tcp.SYN;
            s.sequence++;
        }
        if (!current(t, s, now) || !inWindow(t, s, now)) {
            return;
        }
        if (s.is(Tcp.RST)) {
            reset(t, s, now);
            return;
        }
        if (s.is(Tcp.SYN)) {
            challenge(t, now);
            return;
        }
        if (!s.is(Tcp.ACK)) {
            return;
        }
        if (t.timestampsOn && s.timestamps && Seq.atMost(s.sequence, t.lastAckSent)) {
            t.tsRecent = s.tsValue;
            t.tsRecentAt = now;
        }
        if (t.state == TcpState.SYN_RECEIVED && !agreed(t, s, now)) {
            return;
        }
        int stateBefore = t.state.ordinal();
        int roomBefore = t.output.size();
        int readyBefore = t.input.ready();
        if (!Acknowledgment.process(t, s, now)) {
            challenge(t, now);
            return;
        }
        if (t.state == TcpState.CLOSED) {
            return;
        }
        boolean gap = t.input.pieces() > 0;
        boolean urgent = urgent(t, s);
        text(t, s, now);
        if (!gap && mayWait(t)) {
            t.table.defer(t);
        } else {
            Output.run(t, now);
        }
        if (t.state.ordinal() != stateBefore || t.output.size() != roomBefore || t.input.ready() != readyBefore
                || t.finReceived || urgent) {
            t.user.changed(t);
        }
    }

    /** Notes how far what is urgent goes (RFC 9293 section 3.10.7.4, sixth). @return whether that is further than was known */
    private static boolean urgent(Tcb t, Segment s) {
        int known = t.urgentIn || s.is(Tcp.URG) ? t.urgent() : 0;
        if (!s.is(Tcp.URG) || !t.state.receives()) {
            return false;
        }
        int before = t.rcvUp;
        boolean wasIn = t.urgentIn;
        t.rcvUp = s.urgentTo;
        t.urgentIn = true;
        if (t.urgent() > known) {
            return true;
        }
        t.rcvUp = before;
        t.urgentIn = wasIn;
        return false;
    }

    /** What we answered to a SYN is acknowledged. @return false if it is not */
    private static boolean agreed(Tcb t, Segment s, long now) {
        if (Seq.atMost(s.acknowledgment, t.iss) || Seq.less(t.sndNxt, s.acknowledgment)) {
            Output.reset(t.table, s, now);
            return false;
        }
        if (t.backoff == 0) {
            Rtt.sample(t, now - (t.timer[Tcb.RETRANSMIT] - t.rto));
        }
        t.sndUna = t.iss + 1;
        t.sndWnd = s.window << t.sndScale;
        t.maxSndWnd = t.sndWnd;
        Handshake.established(t, s, now);
        return true;
    }

    /**
     * Whether an answer may wait for the segments that came together with this one, as if all had been one (as where an adapter joins
     * them). Not where each acknowledgment counts: at the start, and while something is missing.
     */
    private static boolean mayWait(Tcb t) {
        return t.table.together && t.state == TcpState.ESTABLISHED && t.quickAcks == 0 && t.ackWaiting < TOGETHER
                && !t.recovering && t.input.pieces() == 0 && t.duplicateFrom == t.duplicateTo && !t.finReceived;
    }

    /** Protection against wrapped sequence numbers (RFC 7323 section 5.3). */
    private static boolean current(Tcb t, Segment s, long now) {
        if (!t.timestampsOn || s.is(Tcp.RST)) {
            return true;
        }
        if (!s.timestamps) {
            return false; // section 3.2: dropped without a word
        }
        if (s.tsValue - t.tsRecent < 0 && now - t.tsRecentAt < STALE) {
            duplicate(t, s);
            Output.acknowledge(t, now);
            return false;
        }
        return true;
    }

    /** Whether any of the segment is in our window; what is not is cut off. The first check of section 3.10.7.4. */
    private static boolean inWindow(Tcb t, Segment s, long now) {
        int window = Math.max(0, t.rcvEdge - t.rcvNxt);
        int before = t.rcvNxt - s.sequence;
        int span = s.span();
        // One without data may lie at the window's edge, though RFC 9293 says before it: that is where the acknowledgments are of who has
        // filled the window and of whom all that was lost. If neither side took the other's, both would answer each other for ever.
        boolean acceptable = span == 0 ? before <= 0 && -before <= window : before < span && -before < window;
        if (!acceptable) {
            boolean zeroWindow = window == 0 && s.sequence == t.rcvNxt && !s.is(Tcp.RST) && !s.is(Tcp.SYN);
            if (!s.is(Tcp.RST)) {
                duplicate(t, s);
                if (t.state == TcpState.TIME_WAIT && s.is(Tcp.FIN)) {
                    t.set(Tcb.LINGER, now + Timers.TIME_WAIT);
                }
                if (zeroWindow && s.is(Tcp.ACK) && t.state != TcpState.SYN_RECEIVED) {
                    acknowledged(t, s, now);
                }
                if ((t.state.synchronised() || t.state == TcpState.SYN_RECEIVED) && (span > 0 || t.answers.take(now))) {
                    Output.acknowledge(t, now);
                    if (t.state.synchronised()) {
                        Output.run(t, now);
                    }
                }
            }
            return false;
        }
        if (before > 0) { // its first part came before
            if (s.is(Tcp.SYN)) {
                s.flags &= ~Tcp.SYN;
                before--;
                s.sequence++;
            }
            if (s.length > 0 && before > 0) {
                duplicate(t, s);
            }
            s.dataAt += before;
            s.length -= before;
            s.sequence += before;
        }
        int beyond = s.length - (window - (s.sequence - t.rcvNxt));
        if (s.length > 0 && beyond > 0) { // its last part has no room
            s.length -= beyond;
            s.flags &= ~Tcp.FIN;
        }
        return true;
    }

    /**
     * What a segment acknowledges counts even if there is no room for what it brings. Who waits for room to write is told: where both
     * sides write before they read, no other segment may come.
     */
    private static void acknowledged(Tcb t, Segment s, long now) {
        TcpState stateBefore = t.state;
        int sizeBefore = t.output.size();
        Acknowledgment.process(t, s, now);
        if (t.state != TcpState.CLOSED && (t.state != stateBefore || t.output.size() != sizeBefore)) {
            t.user.changed(t);
        }
    }

    /** Notes data that came twice, to tell the sender. */
    private static void duplicate(Tcb t, Segment s) {
        if (t.sackOn && s.length > 0 && Seq.less(s.sequence, t.rcvNxt)) {
            int end = s.sequence + s.length;
            t.duplicateFrom = s.sequence;
            t.duplicateTo = Seq.less(t.rcvNxt, end) ? t.rcvNxt : end;
        }
    }

    private static void reset(Tcb t, Segment s, long now) {
        if (s.sequence != t.rcvNxt) {
            challenge(t, now); // who knows the number exactly may reset (RFC 5961 section 3)
            return;
        }
        t.table.counters.resetsReceived++;
        boolean harmless = t.state == TcpState.TIME_WAIT || t.state == TcpState.LAST_ACK
                || t.state == TcpState.CLOSING;
        Closing.end(t, harmless
                ? null
                : t.state == TcpState.SYN_RECEIVED ? "Connection refused" : "Connection reset by peer");
    }

    static void challenge(Tcb t, long now) {
        TcpTable table = t.table;
        if (table.challenges.take(now)) {
            table.counters.challenges++;
            Output.acknowledge(t, now);
        }
    }

    /** The segment's data and FIN. */
    static void text(Tcb t, Segment s, long now) {
        if (!t.state.receives()) {
            return;
        }
        if (s.length > 0) {
            if (t.abandoned) { // nobody will read it (RFC 9293 section 3.6.1)
                Output.reset(t, now);
                Closing.end(t, "Connection aborted");
                return;
            }
            data(t, s, now);
        }
        if (s.is(Tcp.FIN)) {
            t.finEarly = true;
            t.finAt = s.sequence + s.length;
        }
        if (t.finEarly && t.finAt == t.rcvNxt) {
            Closing.finReceived(t, now);
            t.finEarly = false;
        } else if (s.is(Tcp.FIN)) {
            t.ackNow = true;
        }
    }

    private static void data(Tcb t, Segment s, long now) {
        int place = s.sequence - t.rcvNxt;
        boolean gap = t.input.pieces() > 0;
        if (place > 0 && t.sackOn && t.input.has(place, place + s.length)) {
            t.duplicateFrom = s.sequence;
            t.duplicateTo = s.sequence + s.length;
        }
        int moved = t.input.add(place, s.packet, s.dataAt, s.length);
        if (moved <= 0) {
            t.ackNow = true;
            return;
        }
        t.rcvNxt += moved;
        t.bytesReceived += moved;
        t.ackWaiting += s.length >= t.rcvMss - 60 ? 1 : 0;
        if (gap || t.ackWaiting >= 2 || t.quickAcks > 0) {
            t.quickAcks = Math.max(0, t.quickAcks - 1);
            t.ackNow = true;
        } else if (t.timer[Tcb.DELAYED_ACK] == Tcb.NEVER) {
            t.set(Tcb.DELAYED_ACK, now + Timers.DELAYED_ACK);
        }
    }
}
