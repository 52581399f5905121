package kernel.core.strand;

import java.util.List;

/** Makes strands. Thread-safe. */
public interface Strands {

    /** Starts a strand with {@link Parameters#USUAL}. See {@link #fork(String, Parameters, Runnable)}. */
    default Strand fork(String name, Runnable body) {
        return fork(name, Parameters.USUAL, body);
    }

    /**
     * Starts a strand. An exception that leaves its body ends the strand and is reported on the kernel's log, with its
     * name.
     *
     * @param name for people
     * @param parameters what it asks of the scheduler
     * @param body what it does
     * @throws AdmissionException the policy in force cannot promise that
     */
    Strand fork(String name, Parameters parameters, Runnable body);

    /** The strand that calls; null in a thread of the host's that is none. */
    Strand current();

    /**
     * SPIN's Checkpoint: gives the processor to another strand if the scheduler wants it; returns when it is the caller's
     * turn again. Cheap if it does not. Kernel code that computes for long calls this now and then; in a thread that is no
     * strand it does nothing.
     */
    void checkpoint();

    /** A lock whose holder inherits the priority of who waits for it. @param name for people */
    StrandLock lock(String name);

    /** Those that have not ended, by id. */
    List<Strand> strands();

    /** Cycles of strands each of which waits for a lock that the next one holds: for people, a line each. */
    List<String> deadlocks();
}
