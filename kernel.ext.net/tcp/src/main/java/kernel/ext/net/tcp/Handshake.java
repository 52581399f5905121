package kernel.ext.net.tcp;

import kernel.ext.net.api.IpAddress;
import kernel.ext.net.api.PacketBuffer;
import kernel.ext.net.api.header.Tcp;
import kernel.ext.net.api.tcp.Segment;
import kernel.ext.net.api.tcp.Tcb;
import kernel.ext.net.api.tcp.TcpListening;
import kernel.ext.net.api.tcp.TcpState;
import kernel.ext.net.api.tcp.TcpTable;

/** Beginnings of connections: both kinds of open, their options, SYN cookies. */
final class Handshake {

    /** No path makes us send smaller segments. */
    static final int LEAST_MSS = 128;
    /** What everybody takes (RFC 9293 section 3.7.1). */
    private static final int DEFAULT_MSS = 536, DEFAULT_MSS_6 = 1220;
    /** Connections asked for and not established that a port remembers; more get a cookie. */
    static final int HALF_OPEN = 128;
    /** Largest segments that a cookie can tell (RFC 4987 section 3.6). */
    private static final int[] COOKIE_MSS = {536, 1200, 1360, 1400, 1440, 1452, 1460, 8960};
    /** A cookie's clock ticks so often; it is good for two ticks. */
    private static final long TICK = 64_000_000_000L;

    private Handshake() {}

    /** What everybody takes with whom nothing else was agreed. */
    static int defaultMss(IpAddress remote) {
        return remote.isV4() ? DEFAULT_MSS : DEFAULT_MSS_6;
    }

    private static int largest(TcpTable table, IpAddress remote) {
        return table.output.largest(remote) - Tcp.LENGTH;
    }

    static void open(Tcb t, long now) {
        begin(t, now);
        t.state = TcpState.SYN_SENT;
        t.table.counters.opened++;
        t.timestampsOn = true; // offered until the answer says otherwise
        t.sackOn = true;
        t.scalingOn = true;
        sendSyn(t, now);
    }

    private static void begin(Tcb t, long now) {
        t.iss = (int) (now / 4000) + (int) mix(t.table.secret, t.local, t.localPort, t.remote, t.remotePort, 1);
        t.tsOffset = (int) mix(t.table.secret, t.local, t.localPort, t.remote, t.remotePort, 2);
        t.sndUna = t.iss;
        t.sndNxt = t.iss + 1;
        t.sndBase = t.iss + 1;
        t.highestSacked = t.iss;
        t.rcvMss = Math.max(defaultMss(t.remote), largest(t.table, t.remote));
        t.mss = t.rcvMss;
        t.cwnd = 2 * t.mss; // until the congestion control says more
        t.heardAt = now;
        while (65535 << t.rcvScale < t.table.bufferLimit && t.rcvScale < 14) {
            t.rcvScale++;
        }
    }

    /** Sends a SYN, or SYN and ACK, for the first time or again. */
    static void sendSyn(Tcb t, long now) {
        boolean answer = t.state == TcpState.SYN_RECEIVED;
        int header = Tcp.LENGTH + 4 + (t.sackOn ? 4 : 0) + (t.timestampsOn ? 12 : 0) + (t.scalingOn ? 4 : 0);
        PacketBuffer b = t.table.output.take(header);
        int window = Math.min(65535, t.input.room());
        Tcp.write(b, 0, t.localPort << 16 | t.remotePort, t.iss, answer ? t.rcvNxt : 0, header,
                answer ? Tcp.SYN | Tcp.ACK : Tcp.SYN, window);
        t.rcvEdge = answer ? t.rcvNxt + window : 0;
        int at = Tcp.LENGTH;
        b.put32(at, 0x204_0000 | t.rcvMss & 0xFFFF);
        at += 4;
        if (t.sackOn) {
            b.put32(at, 0x01010402);
            at += 4;
        }
        if (t.timestampsOn) {
            b.put32(at, 0x0101080A);
            b.put32(at + 4, Rtt.stamp(t, now));
            b.put32(at + 8, answer ? t.tsRecent : 0);
            at += 12;
        }
        if (t.scalingOn) {
            b.put32(at, 0x01030300 | t.rcvScale);
        }
        t.lastAckSent = t.rcvNxt;
        t.set(Tcb.RETRANSMIT, now + Rtt.timeout(t));
        Output.emit(t.table, b, t.local, t.remote, now);
    }

    /** A segment for a port at which somebody listens (RFC 9293 section 3.10.7.2). */
    static void listen(TcpTable table, TcpListening listening, Segment s, long now) {
        if (s.is(Tcp.RST)) {
            return;
        }
        if (s.is(Tcp.ACK)) {
            if (s.is(Tcp.SYN) || !cookie(table, listening, s, now)) {
                Output.reset(table, s, now);
            }
            return;
        }
        if (!s.is(Tcp.SYN) || s.is(Tcp.FIN) || listening.ready.size() >= listening.backlog
                || s.packet.source().isAny() || s.packet.source().isMulticast()) {
            return; // a full queue drops: the other side asks again
        }
        if (listening.halfOpen >= HALF_OPEN) {
            sendCookie(table, listening, s, now);
            return;
        }
        Tcb t = new Tcb(table, s.packet.destination(), s.destination, s.packet.source(), s.source,
                listening.users.get());
        t.listening = listening;
        listening.halfOpen++;
        begin(t, now);
        t.state = TcpState.SYN_RECEIVED;
        agree(t, s, now);
        table.add(t);
        sendSyn(t, now);
        table.schedule(t);
    }

    /** Takes what the other side's SYN says. */
    private static void agree(Tcb t, Segment s, long now) {
        t.irs = s.sequence;
        t.rcvNxt = s.sequence + 1;
        t.rcvEdge = t.rcvNxt; // what was said before their numbers were known means nothing
        t.mss = Math.clamp(s.mss == 0 ? defaultMss(t.remote) : s.mss, LEAST_MSS, t.mss);
        t.sackOn = s.sackPermitted;
        t.timestampsOn = s.timestamps;
        t.scalingOn = s.scale >= 0;
        t.sndScale = Math.max(0, s.scale);
        if (!t.scalingOn) {
            t.rcvScale = 0;
        }
        if (s.timestamps) {
            t.tsRecent = s.tsValue;
            t.tsRecentAt = now;
        }
        t.sndWnd = s.window; // of a SYN it is not scaled
        t.maxSndWnd = t.sndWnd;
        t.sndWl1 = s.sequence;
        t.sndWl2 = s.acknowledgment;
        t.heardAt = now;
    }

    /** A segment for a connection that we asked for (RFC 9293 section 3.10.7.3). */
    static void answered(Tcb t, Segment s, long now) {
        if (s.is(Tcp.ACK) && (Seq.atMost(s.acknowledgment, t.iss) || Seq.less(t.sndNxt, s.acknowledgment))) {
            Output.reset(t.table, s, now);
            return;
        }
        if (s.is(Tcp.RST)) {
            if (s.is(Tcp.ACK)) {
                t.table.counters.resetsReceived++;
                Closing.end(t, "Connection refused");
            }
            return;
        }
        if (!s.is(Tcp.SYN)) {
            return;
        }
        agree(t, s, now);
        if (!s.is(Tcp.ACK)) { // both ask at the same time
            t.state = TcpState.SYN_RECEIVED;
            sendSyn(t, now);
            return;
        }
        t.sndUna = s.acknowledgment;
        if (t.backoff == 0) {
            Rtt.sample(t, now - (t.timer[Tcb.RETRANSMIT] - t.rto));
        }
        t.ackNow = true;
        established(t, s, now);
        Input.text(t, s, now);
        Output.run(t, now);
        t.user.changed(t);
    }

    static void established(Tcb t, Segment s, long now) {
        t.state = TcpState.ESTABLISHED;
        t.set(Tcb.RETRANSMIT, Tcb.NEVER);
        t.backoff = 0;
        t.rcvEdge = Seq.later(t.rcvEdge, t.rcvNxt + Math.min(65535, t.input.room()));
        t.table.congestion.established(t, now);
        if (t.keepAlive > 0) {
            t.set(Tcb.KEEP_ALIVE, now + t.keepAlive);
        }
        if (t.listening != null) {
            t.listening.halfOpen--;
            t.listening.ready.add(t);
            t.table.counters.accepted++;
            t.listening.arrived.run();
        }
    }

    private static void sendCookie(TcpTable table, TcpListening listening, Segment s, long now) {
        int index = 0;
        IpAddress remote = s.packet.source();
        int mss = Math.min(s.mss == 0 ? defaultMss(remote) : s.mss, largest(table, remote));
        while (index + 1 < COOKIE_MSS.length && COOKIE_MSS[index + 1] <= mss) {
            index++;
        }
        PacketBuffer b = table.output.take(Tcp.LENGTH + 4);
        Tcp.write(b, 0, s.destination << 16 | s.source, cookie(table, s, s.sequence, now / TICK, index),
                s.sequence + 1, Tcp.LENGTH + 4, Tcp.SYN | Tcp.ACK, 65535);
        b.put32(Tcp.LENGTH, 0x204_0000 | largest(table, remote) & 0xFFFF);
        listening.cookies++;
        table.counters.cookiesSent++;
        Output.emit(table, b, s.packet.destination(), remote, now);
    }

    private static int cookie(TcpTable table, Segment s, int sequence, long tick, int index) {
        long hash = mix(table.secret ^ tick * 0x9E3779B97F4A7C15L, s.packet.destination(), s.destination,
                s.packet.source(), s.source, sequence);
        return (int) tick << 27 | index << 24 | (int) hash & 0xFFFFFF;
    }

    /** Whether the segment brings a cookie of ours back: then it makes the connection of which nothing was kept. */
    private static boolean cookie(TcpTable table, TcpListening listening, Segment s, long now) {
        if (listening.cookies == 0) {
            return false;
        }
        int cookie = s.acknowledgment - 1;
        int index = cookie >>> 24 & 7;
        long tick = now / TICK;
        boolean good = cookie == cookie(table, s, s.sequence - 1, tick, index)
                || cookie == cookie(table, s, s.sequence - 1, tick - 1, index);
        if (!good || listening.ready.size() >= listening.backlog) {
            return good; // no room: silence, so that it comes again
        }
        Tcb t = new Tcb(table, s.packet.destination(), s.destination, s.packet.source(), s.source,
                listening.users.get());
        begin(t, now);
        t.iss = cookie;
        t.sndUna = cookie + 1;
        t.sndNxt = cookie + 1;
        t.sndBase = cookie + 1;
        t.irs = s.sequence - 1;
        t.rcvNxt = s.sequence;
        t.mss = COOKIE_MSS[index];
        t.rcvScale = 0;
        t.sndWnd = s.window;
        t.maxSndWnd = s.window;
        t.sndWl1 = s.sequence;
        t.sndWl2 = s.acknowledgment;
        t.rcvEdge = t.rcvNxt + 65535;
        t.listening = listening;
        listening.halfOpen++;
        table.add(t);
        table.counters.cookiesTaken++;
        established(t, s, now);
        Input.text(t, s, now);
        Output.run(t, now);
        table.schedule(t);
        t.user.changed(t);
        return true;
    }

    /** A keyed hash of a connection's name: SipHash's round, which nobody can turn round without the key. */
    private static long mix(long key, IpAddress local, int localPort, IpAddress remote, int remotePort, int more) {
        long[] words = {local.high(), local.low(), remote.high(), remote.low(),
                (long) localPort << 48 | (long) remotePort << 32 | more & 0xFFFF_FFFFL};
        long[] v = {key ^ 0x736f6d6570736575L, Long.rotateLeft(key, 32) ^ 0x646f72616e646f6dL,
                key ^ 0x6c7967656e657261L,
                Long.rotateLeft(key, 32) ^ 0x7465646279746573L};
        for (long word : words) {
            v[3] ^= word;
            round(v);
            round(v);
            v[0] ^= word;
        }
        v[2] ^= 0xFF;
        for (int i = 0; i < 4; i++) {
            round(v);
        }
        return v[0] ^ v[1] ^ v[2] ^ v[3];
    }

    private static void round(long[] v) {
        v[0] += v[1];
        v[1] = Long.rotateLeft(v[1], 13) ^ v[0];
        v[0] = Long.rotateLeft(v[0], 32);
        v[2] += v[3];
        v[3] = Long.rotateLeft(v[3], 16) ^ v[2];
        v[0] += v[3];
        v[3] = Long.rotateLeft(v[3], 21) ^ v[0];
        v[2] += v[1];
        v[1] = Long.rotateLeft(v[1], 17) ^ v[2];
        v[2] = Long.rotateLeft(v[2], 32);
    }
}
