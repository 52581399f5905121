package kernel.core.strand;

/**
 * An application's own scheduler for its own strands (SOSP'95 section 4.2: "application-specific schedulers present themselves to
 * the global scheduler as a thread package"). Installed by {@link ThreadPackages#install}; the four events of the paper are its
 * methods, and they are about strands alone that were forked through the group which the installation gave.
 *
 * <p>The global scheduler gives the package processors, {@link #resume}, as it does others; which of its strands runs there is
 * the package's decision. All calls are made by strands of the kernel's that have the package's parameters, on the package's
 * processors, one at a time, in the order in which things happened, and with no lock of the kernel's: a package needs no
 * synchronisation, and whatever it does costs its own strands alone. It must not wait for them.
 *
 * <p>A package that throws, answers {@link #resume} with what is not a strand of its own that can go on, does not return within a
 * second, or leaves a strand waiting for a second beside a processor that it could have is taken out: its strands are scheduled by
 * the global scheduler from then on, and notice nothing. So are they when it is {@linkplain StrandGroup#close() closed}. A strand
 * that inherits a priority, because another waits for a lock that it holds, is scheduled by the global scheduler until it has
 * given the lock away: the package gets {@link #block} and later {@link #unblock} for it.
 */
public interface ThreadPackage {

    /** Unblock: a strand of the package's is new, or what it waited for has come. */
    void unblock(Strand strand);

    /** Block: a strand waits for something, and is not to be chosen until it is unblocked. It ran, or was about to. */
    void block(Strand strand);

    /** Checkpoint: a strand had to give its processor back, or did so of its own accord; it can go on. */
    void checkpoint(Strand strand);

    /**
     * Resume: the package has a processor.
     *
     * @return who runs there, one that can go on; it is not to be chosen again before it is unblocked or checkpointed. Null: nobody;
     *         the processor is given back
     */
    Strand resume();

    /** A strand has ended. */
    default void end(Strand strand) {}
}
