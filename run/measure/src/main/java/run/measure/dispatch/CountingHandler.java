package run.measure.dispatch;

/**
 * A trivial handler with trivial guards, as in OSDI'96 table 1. It leaves a trace in memory, so that it cannot be dropped.
 * It only writes: a trace that is read, changed and written would take as long as the host needs from a write to the next
 * read of a place, some 2 ns, whoever calls it. Public because the dispatcher looks up the guards.
 */
public final class CountingHandler implements Step, Plain {

    /** Name of the guard that holds for all numbers but one. */
    static final String WANTS = "wants";
    /** Name of the guard that holds for one number alone. */
    static final String ONLY = "only";

    private long refused;
    private long trace;

    /** @param refused the one number that {@link #wants} refuses and {@link #only} accepts */
    CountingHandler(long refused) {
        this.refused = refused;
    }

    /** A guard. */
    public boolean wants(long number) {
        return number != refused;
    }

    /** A guard. */
    public boolean only(long number) {
        return number == refused;
    }

    @Override
    public long step(long number) {
        trace = number;
        return number;
    }

    /** The number that it was last called with, 0 if it was not called since {@link #refuse}. */
    long trace() {
        return trace;
    }

    void refuse(long number) {
        refused = number;
        trace = 0;
    }
}
