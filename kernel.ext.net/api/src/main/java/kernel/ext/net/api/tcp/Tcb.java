package kernel.ext.net.api.tcp;

import java.util.Arrays;
import kernel.ext.net.api.IpAddress;

/**
 * A connection's transmission control block (RFC 9293 section 3.3.1): all that is known of it. Sequence numbers are modulo
 * 2^32, times and deadlines nanoseconds of the stack's time, {@link #NEVER} for a timer that is off. Fields are the
 * protocol's to change, in the stack's strand.
 */
public final class Tcb {

    /** A timer that is off. */
    public static final long NEVER = Long.MAX_VALUE;
    /** Indexes into {@link #timer}. */
    public static final int RETRANSMIT = 0, PERSIST = 1, REORDER = 2, PROBE = 3, DELAYED_ACK = 4, KEEP_ALIVE = 5,
            LINGER = 6;
    private static final int TIMERS = 7;

    /** Where it is listed. */
    public final TcpTable table;
    /** Our address. */
    public final IpAddress local;
    /** Our port. */
    public final int localPort;
    /** The other side's address. */
    public final IpAddress remote;
    /** The other side's port. */
    public final int remotePort;
    /** What is bound to it. */
    public final TcpUser user;
    /** Who accepts it, if it was asked for by the other side. */
    public TcpListening listening;
    /** How far it is. */
    public TcpState state = TcpState.CLOSED;
    /** Why it is over; null if it ended as it should, or has not. */
    public String failure;

    /** First sequence number of ours; the oldest not acknowledged; the next to be sent. */
    public int iss, sndUna, sndNxt;
    /** Sequence number of the first byte in {@link #output}. */
    public int sndBase;
    /** The other side's window in bytes, the largest it ever was, and the segment that told of it. */
    public int sndWnd, maxSndWnd, sndWl1, sndWl2;
    /** Its shift. */
    public int sndScale;
    /** Bytes of data that go in a segment without options. */
    public int mss;
    /** Data to be sent or not acknowledged. */
    public final SendBuffer output;
    /** Segments that are not acknowledged. */
    public final SentSegments sent = new SentSegments();
    /** Whether the application has no more to send; whether the FIN was sent. */
    public boolean finQueued, finSent;
    /** Whether the application has gone: nobody reads what still comes, nobody waits for the end. */
    public boolean abandoned;
    /** Whether data is urgent that is not acknowledged, and the sequence number behind it (RFC 9293 section 3.8.5). */
    public boolean urgentOut;
    /** See {@link #urgentOut}. */
    public int sndUp;
    /** Whether data is urgent that was not read, and the sequence number behind it. */
    public boolean urgentIn;
    /** See {@link #urgentIn}. */
    public int rcvUp;
    /** Whether small segments go at once (RFC 9293 section 3.7.4 is not applied). */
    public boolean noDelay;

    /** First sequence number of the other side; the next one expected; the edge of the window that it was told. */
    public int irs, rcvNxt, rcvEdge;
    /** Our window's shift. */
    public int rcvScale;
    /** Data for the application, and pieces that came early. */
    public final ReceiveBuffer input;
    /** The largest segment that we take. */
    public int rcvMss;
    /** Whether the other side's FIN was reached. */
    public boolean finReceived;
    /** Sequence number of a FIN that came before the data before it; valid if {@link #finEarly}. */
    public int finAt;
    /** See {@link #finAt}. */
    public boolean finEarly;
    /** Whether an acknowledgment is due now; full segments that wait for one; segments that are acknowledged at once. */
    public boolean ackNow;
    /** See {@link #ackNow}. */
    public int ackWaiting, quickAcks = 8;
    /** Answers to segments that are of no use and have no data: two sides that disagree do not answer each other for ever. */
    public final PerSecond answers = new PerSecond(10);
    /** Range of sequence numbers that came twice and is to be told; none if both are equal. */
    public int duplicateFrom, duplicateTo;

    /** Whether both sides use selective acknowledgments, timestamps, window scaling. */
    public boolean sackOn, timestampsOn, scalingOn;
    /** The other side's last timestamp, when it was taken, and the last acknowledgment that we sent. */
    public int tsRecent;
    /** See {@link #tsRecent}. */
    public long tsRecentAt;
    /** See {@link #tsRecent}. */
    public int lastAckSent;
    /** Added to our timestamps, so that they tell nobody how long the machine is up. */
    public int tsOffset;

    /** Congestion window and slow-start threshold, bytes. */
    public int cwnd, ssthresh = Integer.MAX_VALUE;
    /** What the congestion control remembers. */
    public final long[] memory = new long[8];
    /** Whether losses are being repaired; whether the timer found them; up to where. */
    public boolean recovering, timedOut;
    /** See {@link #recovering}. */
    public int recoveryPoint;
    /** Acknowledgments that acknowledged nothing new. */
    public int duplicateAcks;

    /** Smoothed round-trip time and its variation; 0 if not measured (RFC 6298). */
    public long srtt, rttVariation, minRtt = NEVER;
    /** Retransmission timeout without backoff, and how often it was doubled. */
    public long rto = 1_000_000_000L;
    /** See {@link #rto}. */
    public int backoff;
    /** RACK (RFC 8985): when the latest segment known to be delivered was sent, its end, its round-trip time. */
    public long rackTime = Long.MIN_VALUE, rackRtt;
    /** See {@link #rackTime}. */
    public int rackEnd, highestSacked;
    /** Whether the network was seen to reorder. */
    public boolean reordering;
    /** Whether a tail loss probe is out. */
    public boolean probing;
    /** When something last came from the other side; probes of an idle connection that were not answered. */
    public long heardAt;
    /** See {@link #heardAt}. */
    public int keepAliveProbes;
    /** How long it may be idle before it is probed, 0 for ever. */
    public long keepAlive;

    /** Deadlines by kind. */
    public final long[] timer = new long[TIMERS];
    /** The earliest of {@link #timer} as the table knows it. */
    public long deadline = NEVER;
    int heapIndex = -1;
    /** Whether it waits for the end of what came together. */
    boolean deferred;
    Tcb nextInBucket;
    final int hash;

    /** Segments sent, segments sent again, bytes of data taken from the other side. */
    public long segmentsSent, retransmissions, bytesReceived;

    /**
     * A connection, not yet listed.
     *
     * @param user told of changes
     */
    public Tcb(TcpTable table, IpAddress local, int localPort, IpAddress remote, int remotePort, TcpUser user) {
        this.table = table;
        this.local = local;
        this.localPort = localPort;
        this.remote = remote;
        this.remotePort = remotePort;
        this.user = user;
        hash = table.hash(local.high(), local.low(), localPort, remote.high(), remote.low(), remotePort);
        Allowance allowance = user.allowance();
        output = new SendBuffer(table.bufferLimit, allowance);
        input = new ReceiveBuffer(table.bufferLimit, allowance);
        Arrays.fill(timer, NEVER);
    }

    /** Starts, moves or ({@link #NEVER}) stops a timer; the table learns of it by {@link TcpTable#schedule}. */
    public void set(int which, long when) {
        timer[which] = when;
    }

    /** Stops all timers. */
    public void stopTimers() {
        Arrays.fill(timer, NEVER);
    }

    /** The earliest of all timers. */
    public long earliest() {
        long first = NEVER;
        for (long one : timer) {
            first = Math.min(first, one);
        }
        return first;
    }

    /** Sequence numbers that are on their way: sent, not acknowledged in any way, and not held lost. */
    public int inFlight() {
        return sndNxt - sndUna - sent.sackedBytes() - sent.lostBytes();
    }

    /** Bytes from the next one to be read to the end of what is urgent; 0 if nothing is. */
    public int urgent() {
        int left = rcvUp - (rcvNxt - (finReceived ? 1 : 0) - input.ready());
        urgentIn &= left > 0;
        return urgentIn ? left : 0;
    }

    @Override
    public String toString() {
        return local + ":" + localPort + " " + remote + ":" + remotePort + " " + state;
    }
}
