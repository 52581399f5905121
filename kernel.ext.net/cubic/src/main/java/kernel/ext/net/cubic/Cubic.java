package kernel.ext.net.cubic;

import kernel.core.dispatch.Intrinsic;
import kernel.ext.net.api.tcp.CongestionControl;
import kernel.ext.net.api.tcp.Tcb;
import org.osgi.service.component.annotations.Component;

/**
 * CUBIC (RFC 9438): after a loss the window grows along a cubic curve of time, slowly near where the loss was and faster beyond.
 * While its bundle is started it has the place of the default, for connections that are under way as well; what it
 * remembers of a connection is in {@link Tcb#memory}, and what it finds there of another kind is taken for nothing. Thread-safe: no
 * state.
 */
@Component(service = CongestionControl.class, property = "service.ranking:Integer=10")
@Intrinsic
public final class Cubic implements CongestionControl {

    /** Places in {@link Tcb#memory}: the mark that the others are ours, W_max and W_est in bytes, beginning of the epoch. */
    private static final int MARK = 0, W_MAX = 1, EPOCH = 2, W_EST = 3, START = 4;
    private static final long OURS = 0x4355424943L;
    private static final double C = 0.4;
    private static final double BETA = 0.7;

    /** One; all are alike. */
    public Cubic() {}

    @Override
    public void established(Tcb t, long now) {
        t.cwnd = Math.min(10 * t.mss, Math.max(2 * t.mss, 14600)); // RFC 6928
        t.memory[MARK] = 0;
    }

    private static void own(Tcb t) {
        if (t.memory[MARK] != OURS) {
            java.util.Arrays.fill(t.memory, 0);
            t.memory[MARK] = OURS;
        }
    }

    @Override
    public void acknowledged(Tcb t, int bytes, long now) {
        own(t);
        if (t.cwnd < t.ssthresh) {
            t.cwnd = Math.min(1 << 28, t.cwnd + Math.min(bytes, t.cwnd));
            return;
        }
        if (t.memory[EPOCH] == 0) {
            t.memory[EPOCH] = Math.max(1, now);
            t.memory[START] = t.cwnd;
            t.memory[W_EST] = t.cwnd;
            t.memory[W_MAX] = Math.max(t.memory[W_MAX], t.cwnd);
        }
        double mss = t.mss;
        double max = t.memory[W_MAX] / mss;
        double k = Math.cbrt(Math.max(0, max - t.memory[START] / mss) / C); // RFC 9438 equation 2
        double time = (now - t.memory[EPOCH]) / 1e9 + t.srtt / 1e9;
        double target = C * Math.pow(time - k, 3) + max; // equation 1
        double window = t.cwnd / mss;
        target = Math.clamp(target, window, 1.5 * window);
        double acked = bytes / mss;
        double estimate = t.memory[W_EST] / mss + 3 * (1 - BETA) / (1 + BETA) * acked / window; // section 4.3
        t.memory[W_EST] = (long) (estimate * mss);
        window = Math.max(window + (target - window) / window * acked, estimate);
        t.cwnd = (int) Math.min(1 << 28, Math.max(t.cwnd, window * mss));
    }

    @Override
    public void lost(Tcb t, long now) {
        own(t);
        t.memory[W_MAX] = t.cwnd < t.memory[W_MAX] ? (long) (t.cwnd * (1 + BETA) / 2) : t.cwnd; // section 4.7
        t.memory[EPOCH] = 0;
        t.ssthresh = Math.max((int) (t.cwnd * BETA), 2 * t.mss);
        t.cwnd = t.ssthresh;
    }

    @Override
    public void timedOut(Tcb t, long now) {
        if (!t.timedOut) {
            lost(t, now);
        }
        t.cwnd = t.mss;
    }

    @Override
    public void recovered(Tcb t, long now) {
        t.cwnd = Math.max(t.mss, Math.min(t.ssthresh, Math.max(t.inFlight(), t.mss) + 10 * t.mss));
    }
}
