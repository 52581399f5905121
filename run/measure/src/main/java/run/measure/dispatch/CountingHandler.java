package run.measure.dispatch;

/**
 * A trivial handler with a trivial guard, as in OSDI'96 table 1. It leaves a trace in memory, so that it cannot be
 * dropped, and the trace tells afterwards whether it ran each time. Public because the dispatcher looks up the guard.
 */
public final class CountingHandler implements Step {

    private long refused;
    private long trace;

    /** @param refused the one number that the guard refuses */
    CountingHandler(long refused) {
        this.refused = refused;
    }

    /** The guard. */
    public boolean wants(long number) {
        return number != refused;
    }

    @Override
    public long step(long number) {
        trace = Long.rotateLeft(trace, 1) ^ number;
        return number;
    }

    long trace() {
        return trace;
    }

    void refuse(long number) {
        refused = number;
        trace = 0;
    }
}
