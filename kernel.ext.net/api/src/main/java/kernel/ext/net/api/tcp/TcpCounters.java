package kernel.ext.net.api.tcp;

/** What happened, counted since the stack was made. */
public final class TcpCounters {
    /** Segments that came; that were sent; that were sent again. */
    public long received, sent, retransmitted;
    /** Segments that were not whole or whose checksum was wrong. */
    public long damaged;
    /** Resets that were sent, that came. */
    public long resetsSent, resetsReceived;
    /** Connections that we opened, that others opened, that failed. */
    public long opened, accepted, failed;
    /** Challenges by which somebody who may be guessing is asked again (RFC 5961). */
    public long challenges;
    /** Cookies sent and connections made of them. */
    public long cookiesSent, cookiesTaken;
    /** Losses found by acknowledgments, by timers, tail loss probes. */
    public long recoveries, timeouts, probes;
}
