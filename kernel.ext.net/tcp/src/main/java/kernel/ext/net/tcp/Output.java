package kernel.ext.net.tcp;

import kernel.ext.net.api.Checksum;
import kernel.ext.net.api.IpAddress;
import kernel.ext.net.api.PacketBuffer;
import kernel.ext.net.api.header.Ipv4;
import kernel.ext.net.api.header.Tcp;
import kernel.ext.net.api.tcp.SentSegments;
import kernel.ext.net.api.tcp.Tcb;
import kernel.ext.net.api.tcp.TcpState;
import kernel.ext.net.api.tcp.TcpTable;

/** What a connection sends: data anew and again, FIN, acknowledgments. */
final class Output {

    static final int TTL = 64;
    /** Bytes of the timestamps option with its padding. */
    private static final int STAMPS = 12;

    private Output() {}

    /** Sends what may be sent now, and sets the timers that follow from it. */
    static void run(Tcb t, long now) {
        if (t.state.sends()) {
            again(t, now);
            fresh(t, now, false);
        }
        if (t.ackNow && t.state.synchronised()) {
            acknowledge(t, now);
        }
        timers(t, now);
    }

    /** Sends what is held lost. */
    private static void again(Tcb t, long now) {
        for (int i = 0; t.sent.lostBytes() > 0 && i < t.sent.count(); i++) {
            if ((t.sent.marks(i) & SentSegments.LOST) != 0) {
                // the first goes out whatever the window (RFC 5681 section 3.2, RFC 6675 section 5, step 4.3)
                boolean first = i == 0 && (t.sent.marks(0) & SentSegments.AGAIN) == 0;
                if (t.inFlight() >= t.cwnd && t.inFlight() > 0 && !first) {
                    return;
                }
                resend(t, i, now);
            }
        }
    }

    static void resend(Tcb t, int i, long now) {
        int largest = t.mss - options(t);
        if (t.sent.to(i) - t.sent.from(i) > largest + (fin(t, i) ? 1 : 0)) {
            t.sent.split(i, largest);
        }
        boolean fin = fin(t, i);
        int from = t.sent.from(i);
        int count = t.sent.to(i) - from - (fin ? 1 : 0);
        t.sent.sentAgain(i, now);
        t.retransmissions++;
        t.table.counters.retransmitted++;
        segment(t, from, count, fin ? Tcp.FIN | Tcp.ACK : Tcp.ACK, now);
    }

    private static boolean fin(Tcb t, int i) {
        return t.finSent && t.sent.to(i) == t.sndNxt;
    }

    /**
     * Sends new data.
     *
     * @param forced whether a small window is to be used (RFC 9293 section 3.8.6.2.1: the override timeout)
     */
    static void fresh(Tcb t, long now, boolean forced) {
        while (!t.finSent) {
            int unsent = t.sndBase + t.output.size() - t.sndNxt;
            int usable = t.sndUna + t.sndWnd - t.sndNxt;
            int largest = t.mss - options(t);
            int count = Math.min(Math.min(unsent, largest), usable);
            boolean fin = t.finQueued && count == unsent && usable > count;
            if (count <= 0 && !fin || t.inFlight() > 0 && t.inFlight() + count > t.cwnd) {
                return;
            }
            boolean last = count == unsent && (t.noDelay || fin || t.sndNxt == t.sndUna);
            if (count < largest && !last && !forced && (count <= 0 || count < t.maxSndWnd / 2 || count == unsent)) {
                return; // Nagle; silly windows
            }
            send(t, count, fin, count == unsent, now);
        }
    }

    private static void send(Tcb t, int count, boolean fin, boolean push, long now) {
        int from = t.sndNxt;
        t.sndNxt += count + (fin ? 1 : 0);
        t.sent.add(from, t.sndNxt, now);
        if (fin) {
            t.finSent = true;
            t.state = t.state == TcpState.CLOSE_WAIT ? TcpState.LAST_ACK : TcpState.FIN_WAIT_1;
        }
        segment(t, from, count, Tcp.ACK | (fin ? Tcp.FIN : 0) | (push && count > 0 ? Tcp.PSH : 0), now);
    }

    /** The timers that follow from what is outstanding. */
    private static void timers(Tcb t, long now) {
        if (t.state == TcpState.CLOSED || t.state == TcpState.TIME_WAIT || !t.state.synchronised()) {
            return;
        }
        if (t.sent.count() > 0) {
            t.set(Tcb.PERSIST, Tcb.NEVER);
            if (t.timer[Tcb.RETRANSMIT] == Tcb.NEVER) {
                t.set(Tcb.RETRANSMIT, now + Rtt.timeout(t));
            }
            boolean probe = t.sackOn && t.srtt > 0 && !t.recovering && !t.probing && t.backoff == 0;
            if (!probe) {
                t.set(Tcb.PROBE, Tcb.NEVER);
            } else if (t.timer[Tcb.PROBE] == Tcb.NEVER) {
                long wait = 2 * t.srtt + (t.sent.count() == 1 ? 2 * Timers.DELAYED_ACK : 2 * Rtt.MILLISECOND);
                t.set(Tcb.PROBE, now + Math.min(wait, Rtt.timeout(t)));
            }
        } else {
            t.set(Tcb.RETRANSMIT, Tcb.NEVER);
            t.set(Tcb.PROBE, Tcb.NEVER);
            t.set(Tcb.REORDER, Tcb.NEVER);
            boolean waiting = !t.finSent && (t.output.size() > 0 || t.finQueued) && t.state.sends();
            if (waiting && t.timer[Tcb.PERSIST] == Tcb.NEVER) {
                t.set(Tcb.PERSIST, now + Rtt.timeout(t));
            } else if (!waiting) {
                t.set(Tcb.PERSIST, Tcb.NEVER);
            }
        }
    }

    /** Tells the other side at once if the application has made much room. */
    static void windowMayHaveOpened(Tcb t) {
        int edge = t.rcvNxt + t.input.room();
        int gain = edge - t.rcvEdge;
        if (!t.finReceived && gain >= Math.min(2 * t.rcvMss, t.input.granted() / 2)) {
            t.ackNow = true;
        }
    }

    static void acknowledge(Tcb t, long now) {
        segment(t, t.sndNxt, 0, Tcp.ACK, now);
    }

    /** Asks for an acknowledgment, by a segment that is too old to be acceptable. */
    static void probe(Tcb t, long now) {
        segment(t, t.sndUna - 1, 0, Tcp.ACK, now);
    }

    /** Uses smaller segments from now on; those that were too big are sent again. */
    static void shrink(Tcb t, int mss, long now) {
        if (mss >= t.mss) {
            return;
        }
        t.mss = Math.max(Handshake.LEAST_MSS, mss);
        for (int i = 0; i < t.sent.count(); i++) {
            if (t.sent.to(i) - t.sent.from(i) > t.mss && (t.sent.marks(i) & SentSegments.SACKED) == 0) {
                t.sent.mark(i, t.sent.marks(i) | SentSegments.LOST);
            }
        }
        run(t, now);
    }

    /** Bytes of the options of a data segment. */
    private static int options(Tcb t) {
        return (t.timestampsOn ? STAMPS : 0) + sackBytes(t);
    }

    private static int sackBytes(Tcb t) {
        int blocks = sackBlocks(t);
        return blocks == 0 ? 0 : 4 + 8 * blocks;
    }

    private static int sackBlocks(Tcb t) {
        if (!t.sackOn) {
            return 0;
        }
        int blocks = t.input.pieces() + (t.duplicateFrom == t.duplicateTo ? 0 : 1);
        return Math.min(blocks, t.timestampsOn ? 3 : 4);
    }

    private static void segment(Tcb t, int sequence, int count, int flags, long now) {
        int blocks = sackBlocks(t);
        int header = Tcp.LENGTH + (t.timestampsOn ? STAMPS : 0) + (blocks == 0 ? 0 : 4 + 8 * blocks);
        PacketBuffer b = t.table.output.take(header + count);
        Tcp.write(b, 0, t.localPort << 16 | t.remotePort, sequence, t.rcvNxt, header, flags, advertise(t));
        if (t.urgentOut) {
            urgent(t, b, sequence, flags);
        }
        int at = Tcp.LENGTH;
        if (t.timestampsOn) {
            b.put32(at, 0x0101080A);
            b.put32(at + 4, Rtt.stamp(t, now));
            b.put32(at + 8, t.tsRecent);
            at += STAMPS;
        }
        if (blocks > 0) {
            b.put32(at, 0x01010500 | 2 + 8 * blocks);
            sacks(t, b, at + 4, blocks);
        }
        if (count > 0) {
            t.output.copy(sequence - t.sndBase, b.bytes(), b.start() + header, count);
        }
        t.ackNow = false;
        t.ackWaiting = 0;
        t.set(Tcb.DELAYED_ACK, Tcb.NEVER);
        t.lastAckSent = t.rcvNxt;
        t.segmentsSent++;
        emit(t.table, b, t.local, t.remote, now);
    }

    /** Says where what is urgent ends, as long as that is not acknowledged (RFC 9293 section 3.8.5). */
    private static void urgent(Tcb t, PacketBuffer b, int sequence, int flags) {
        t.urgentOut = Seq.less(t.sndUna, t.sndUp);
        if (t.urgentOut && Seq.less(sequence, t.sndUp)) {
            b.put8(13, flags | Tcp.URG);
            b.put16(18, Math.min(t.sndUp - sequence, 65535));
        }
    }

    /** Selective acknowledgments: what came twice (RFC 2883), what came last, then the others (RFC 2018 section 4). */
    private static void sacks(Tcb t, PacketBuffer b, int first, int blocks) {
        int at = first;
        int left = blocks;
        if (t.duplicateFrom != t.duplicateTo) {
            b.put32(at, t.duplicateFrom);
            b.put32(at + 4, t.duplicateTo);
            t.duplicateFrom = t.duplicateTo;
            at += 8;
            left--;
        }
        int latest = Math.max(0, t.input.latest());
        for (int i = 0; i < left; i++) {
            int piece = i == 0 ? latest : i <= latest ? i - 1 : i;
            b.put32(at, t.rcvNxt + t.input.from(piece));
            b.put32(at + 4, t.rcvNxt + t.input.to(piece));
            at += 8;
        }
    }

    /** The window as it stands in a segment; its edge never moves back. */
    static int advertise(Tcb t) {
        int before = Math.max(0, t.rcvEdge - t.rcvNxt);
        int unit = 1 << t.rcvScale;
        int room = t.finReceived ? 0 : t.input.room();
        // a small step is not told of: the other side would send small segments (RFC 9293 section 3.8.6.2.2)
        int window = room - before >= Math.min(t.rcvMss, t.input.granted() / 2) ? room : Math.min(room, before);
        int scaled = Math.min(65535, Math.max(window / unit, (before + unit - 1) / unit));
        t.rcvEdge = Seq.later(t.rcvEdge, t.rcvNxt + scaled * unit);
        return scaled;
    }

    /** Computes the checksum and sends. */
    static void emit(TcpTable table, PacketBuffer b, IpAddress local, IpAddress remote, long now) {
        table.counters.sent++;
        if (!table.output.intact(remote)) {
            b.put16(16, checksum(b, local, remote));
        }
        table.output.send(b, local, remote, Ipv4.TCP, TTL, true, now);
    }

    private static int checksum(PacketBuffer b, IpAddress local, IpAddress remote) {
        long sum = Checksum.address(Checksum.address(0, local.high(), local.low()), remote.high(), remote.low());
        return Checksum.of(b.packet().sum(sum + Ipv4.TCP + b.length(), 0, b.length()));
    }

    /** Ends a connection for the other side. */
    static void reset(Tcb t, long now) {
        PacketBuffer b = t.table.output.take(Tcp.LENGTH);
        Tcp.write(b, 0, t.localPort << 16 | t.remotePort, t.sndNxt, t.rcvNxt, Tcp.LENGTH, Tcp.RST | Tcp.ACK, 0);
        t.table.counters.resetsSent++;
        emit(t.table, b, t.local, t.remote, now);
    }

    /** Answers a segment that belongs to nothing (RFC 9293 section 3.5.2). */
    static void reset(TcpTable table, kernel.ext.net.api.tcp.Segment s, long now) {
        if (s.is(Tcp.RST)) {
            return;
        }
        boolean acked = s.is(Tcp.ACK);
        PacketBuffer b = table.output.take(Tcp.LENGTH);
        Tcp.write(b, 0, s.destination << 16 | s.source, acked ? s.acknowledgment : 0,
                acked ? 0 : s.sequence + s.span(), Tcp.LENGTH, acked ? Tcp.RST : Tcp.RST | Tcp.ACK, 0);
        table.counters.resetsSent++;
        emit(table, b, s.packet.destination(), s.packet.source(), now);
    }
}
