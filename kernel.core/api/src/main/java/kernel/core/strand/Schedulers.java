package kernel.core.strand;

import java.util.List;

/** Which {@link SchedulingPolicy} is in force. Thread-safe. */
public interface Schedulers {

    /** Name of the policy that is always there: priorities, round robin among equals, a run queue for each processor. */
    String DEFAULT = "priority";

    /**
     * A change of policy.
     *
     * @param time of day, nanoseconds since 1970-01-01 00:00 UTC
     * @param policy what came into force
     * @param reason why: somebody chose it, its bundle went, or what it did wrong
     * @param strands how many were ready and were handed over
     */
    record Change(long time, String policy, String reason, int strands) {}

    /**
     * What one processor does.
     *
     * @param number from 0
     * @param running the strand, or null
     * @param busy nanoseconds that it has run strands
     * @param switches strands that it took up
     */
    record ProcessorState(int number, Strand running, long busy, long switches) {}

    /**
     * What a thread package does.
     *
     * @param name for people
     * @param processors how many of its strands may run at a time
     * @param strands those that have not ended
     * @param waiting those of them that wait for the package to choose them
     * @param turns that it has given
     */
    record PackageState(String name, int processors, int strands, int waiting, long turns) {}

    /** Names of those that can be chosen, the default first. */
    List<String> policies();

    /** Name of the one in force. */
    String inForce();

    /**
     * Puts one in force. Strands that are ready are handed over; those that run go on.
     *
     * @throws IllegalArgumentException there is none of that name; the message says which there are
     */
    void choose(String policy);

    /** The latest changes, the last one first; at most 32. */
    List<Change> changes();

    /** What the processors do. */
    List<ProcessorState> processors();

    /** The thread packages that are installed, in the order of their installation. */
    List<PackageState> packages();

    /** What was found when a policy or a thread package was replaced for something that it did wrong, for people; empty if none was. */
    String report();

    /** Tells somebody of each turn from now on. @param observer who, in the place of who was told before; null: nobody */
    void observe(TurnObserver observer);
}
