package kernel.core.strand;

import java.util.List;

/** Makes strands. Thread-safe. */
public interface Strands {

    /**
     * Starts a strand. An exception that leaves its body ends the strand and is reported on the kernel's log, with its
     * name.
     *
     * @param name for people
     * @param body what it does
     */
    Strand fork(String name, Runnable body);

    /** Those that have not ended, by id. */
    List<Strand> strands();
}
