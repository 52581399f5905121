package kernel.ext.net.tcp;

import kernel.ext.net.api.tcp.Tcb;
import kernel.ext.net.api.tcp.TcpState;

/** Ends of connections. */
final class Closing {

    private Closing() {}

    /** It is over. @param failure why, or null if it ended as it should */
    static void end(Tcb t, String failure) {
        if (t.state == TcpState.SYN_RECEIVED && t.listening != null) {
            t.listening.halfOpen--;
            t.input.release(); // nobody was ever told of it
        }
        if (t.state == TcpState.CLOSED && t.failure != null) {
            return;
        }
        t.state = TcpState.CLOSED;
        t.failure = failure;
        if (failure != null) {
            t.table.counters.failed++;
        }
        t.sent.clear();
        t.output.release();
        t.table.remove(t);
        t.user.changed(t);
    }

    /** Both sides have sent everything and know it. */
    static void timeWait(Tcb t, long now) {
        t.state = TcpState.TIME_WAIT;
        t.stopTimers();
        t.set(Tcb.LINGER, now + Timers.TIME_WAIT);
        t.sent.clear();
        t.output.release();
    }

    /** Our FIN is acknowledged. */
    static void finAcknowledged(Tcb t, long now) {
        switch (t.state) {
            case FIN_WAIT_1 -> {
                t.state = TcpState.FIN_WAIT_2;
                if (t.abandoned) {
                    t.set(Tcb.LINGER, now + Timers.LINGER_TIME);
                }
            }
            case CLOSING -> timeWait(t, now);
            case LAST_ACK -> end(t, null);
            default -> {
                // nothing changes
            }
        }
    }

    /** The other side's FIN was reached. */
    static void finReceived(Tcb t, long now) {
        t.finReceived = true;
        t.rcvNxt++;
        t.ackNow = true;
        switch (t.state) {
            case ESTABLISHED -> t.state = TcpState.CLOSE_WAIT;
            case FIN_WAIT_1 -> t.state = TcpState.CLOSING;
            case FIN_WAIT_2 -> timeWait(t, now);
            default -> {
                // SYN_RECEIVED became ESTABLISHED before; the others have had the FIN
            }
        }
    }
}
