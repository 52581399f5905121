package kernel.ext.net.tcp;

import kernel.core.dispatch.Intrinsic;
import kernel.ext.net.api.tcp.CongestionControl;
import kernel.ext.net.api.tcp.Tcb;
import org.osgi.service.component.annotations.Component;

/** Slow start, congestion avoidance, half the window after a loss (RFC 5681). Remembers nothing. Thread-safe: no state. */
@Component(service = CongestionControl.class)
@Intrinsic
public final class NewReno implements CongestionControl {

    /** One; all are alike. */
    public NewReno() {}

    @Override
    public void established(Tcb t, long now) {
        t.cwnd = Math.min(10 * t.mss, Math.max(2 * t.mss, 14600)); // RFC 6928
    }

    @Override
    public void acknowledged(Tcb t, int bytes, long now) {
        if (t.cwnd < t.ssthresh) {
            t.cwnd += Math.min(bytes, 2 * t.mss * Math.max(1, bytes / (2 * t.mss)));
        } else {
            t.cwnd += Math.max(1, (int) ((long) t.mss * Math.min(bytes, t.cwnd) / t.cwnd));
        }
        t.cwnd = Math.min(t.cwnd, 1 << 28);
    }

    @Override
    public void lost(Tcb t, long now) {
        t.ssthresh = Math.max((t.inFlight() + t.sent.lostBytes()) / 2, 2 * t.mss);
        t.cwnd = t.ssthresh;
    }

    @Override
    public void timedOut(Tcb t, long now) {
        if (!t.timedOut) {
            t.ssthresh = Math.max((t.sndNxt - t.sndUna) / 2, 2 * t.mss);
        }
        t.cwnd = t.mss;
    }

    @Override
    public void recovered(Tcb t, long now) {
        t.cwnd = Math.max(t.mss, Math.min(t.ssthresh, Math.max(t.inFlight(), t.mss) + t.mss * 10));
    }
}
