package kernel.ext.net.api.tcp;

/** States of a connection (RFC 9293 section 3.3.2); LISTEN is a {@link TcpListening}. */
public enum TcpState {
    /** Nothing was sent yet, or all is over. */
    CLOSED,
    /** We asked for a connection. */
    SYN_SENT,
    /** Asked for a connection, we agreed. */
    SYN_RECEIVED,
    /** Data may go in both directions. */
    ESTABLISHED,
    /** We have sent everything; it is not acknowledged. */
    FIN_WAIT_1,
    /** We have sent everything; it is acknowledged. */
    FIN_WAIT_2,
    /** The other side has sent everything. */
    CLOSE_WAIT,
    /** Both have sent everything at the same time; ours is not acknowledged. */
    CLOSING,
    /** Both have sent everything; ours is not acknowledged. */
    LAST_ACK,
    /** All is over; late segments are waited for. */
    TIME_WAIT;

    /** Whether both sides know of each other. */
    public boolean synchronised() {
        return ordinal() >= ESTABLISHED.ordinal();
    }

    /** Whether the other side may still send data. */
    public boolean receives() {
        return this == ESTABLISHED || this == FIN_WAIT_1 || this == FIN_WAIT_2;
    }

    /** Whether we may still send data, or send it again. */
    public boolean sends() {
        return this == ESTABLISHED || this == CLOSE_WAIT || this == FIN_WAIT_1 || this == CLOSING || this == LAST_ACK;
    }
}
