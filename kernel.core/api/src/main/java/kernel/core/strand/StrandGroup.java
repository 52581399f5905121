package kernel.core.strand;

import java.util.List;

/** The strands of a {@link ThreadPackage}, for who installed it. Thread-safe. */
public interface StrandGroup extends AutoCloseable {

    /** Name for people. */
    String name();

    /**
     * Starts a strand that the package schedules; one of the global scheduler's if the package was taken out for what it did.
     *
     * @throws IllegalStateException the group is closed
     */
    Strand fork(String name, Runnable body);

    /** Those that have not ended, in the order in which they were forked. */
    List<Strand> strands();

    /** Why the package was taken out; empty if it was not. */
    String failure();

    /**
     * Takes the package out. Strands that have not ended are scheduled by the global scheduler from now on. When this returns
     * nobody is inside the package any more, or five seconds have passed. Further calls do nothing.
     */
    @Override
    void close();
}
