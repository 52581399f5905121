package kernel.core.strand;

/** A schedulable context (SOSP'95 section 4.2). Thread-safe. */
public interface Strand {

    /** What a strand is doing. */
    enum State {
        /** Running or ready to run. */
        RUNNABLE,
        /** Waits until somebody unblocks it. */
        BLOCKED,
        /** Its body has returned. */
        ENDED
    }

    /** Unique number while the kernel runs, from 1. */
    long id();

    /** Name for people. */
    String name();

    /** What it does now. */
    State state();

    /** Processor time used so far in nanoseconds, or -1 if the host cannot tell. */
    long processorTime();

    /** The processor that it runs on, from 0; -1 if it does not run. */
    int processor();

    /** What it asks of the scheduler, with the priority that it inherits if that is higher ({@link StrandLock}). */
    Parameters parameters();

    /** What it asks of the scheduler, without what it inherits. */
    default Parameters ownParameters() {
        return parameters();
    }

    /**
     * Changes what it asks of the scheduler, from its next turn on.
     *
     * @throws AdmissionException the policy in force cannot promise it; nothing has changed
     */
    void setParameters(Parameters parameters);

    /**
     * Makes the strand's present or next wait end with {@link InterruptedException} (or, in I/O,
     * {@link java.io.InterruptedIOException}).
     */
    void interrupt();

    /**
     * Waits for its end.
     *
     * @param nanoseconds how long at most; 0: for ever
     * @return whether it has ended
     * @throws InterruptedException the calling strand was interrupted
     */
    boolean join(long nanoseconds) throws InterruptedException;

    /** The host's thread that its code runs in, for who must look at its stack. */
    Thread thread();
}
