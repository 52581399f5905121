package kernel.core.strand;

/**
 * Decides which strand a processor runs next. A bundle offers one by registering it as a service with the property
 * {@link #NAME}; {@link Schedulers} says which is in force.
 *
 * <p>The kernel keeps the account of which strands are ready and calls the policy about it; the policy keeps their order. All
 * calls are made under the scheduler's lock, one at a time, in the order in which things happened: a policy needs no
 * synchronisation, must be quick and must not block or start strands. One that throws, answers with a strand that is not
 * ready, leaves a strand waiting beside an idle processor, or does not return within a second is replaced by the default,
 * with a report; strands notice nothing. What is ready when a policy comes into force is given to it by
 * {@link #ready}, in the order in which it became so.
 *
 * <p>SPIN's global scheduler (SOSP'95 section 4.2), with the fallback of Linux's sched_ext.
 */
public interface SchedulingPolicy {

    /** Service property: the name by which people choose it. */
    String NAME = "kernel.sched.policy";

    /** Nanoseconds that a strand may run before it is asked to give way, if a policy does not say. */
    long QUANTUM = 5_000_000;

    /** Why a strand is ready. */
    enum Reason {
        /** It is new, or what it waited for has come. */
        UNBLOCKED,
        /** It gave its processor away, asked or of its own accord. */
        YIELDED,
        /** The policy came into force. */
        CHANGE
    }

    /**
     * The policy comes into force, perhaps not for the first time: it forgets the strands that it knew.
     *
     * @param processors how many there are
     */
    default void begin(int processors) {}

    /**
     * A strand can run.
     *
     * @param now the machine's monotonic time, nanoseconds
     */
    void ready(Schedulable strand, Reason reason, long now);

    /**
     * Chooses what a processor runs next, and forgets it until it is {@link #ready} again.
     *
     * @param processor from 0
     * @param now the machine's monotonic time, nanoseconds
     * @return null: nothing; the kernel asks again when a strand becomes ready, or within a millisecond while some are
     */
    Schedulable next(int processor, long now);

    /**
     * A strand has stopped running. If it is to run again, {@link #ready} follows.
     *
     * @param ran nanoseconds since {@link #next} gave it
     */
    default void stopped(Schedulable strand, long ran) {}

    /** The parameters of a strand that is ready have changed, or it inherits another priority than before. */
    default void changed(Schedulable strand) {}

    /** A strand has ended, or its parameters no longer hold: whatever was promised to it is free. */
    default void ended(Schedulable strand) {}

    /** Nanoseconds that a strand which {@link #next} just gave may run before it is asked to give way. */
    default long quantum(Schedulable strand) {
        return QUANTUM;
    }

    /** Whether a strand that has just become ready should have the processor of one that is running. */
    default boolean preempts(Schedulable ready, Schedulable running) {
        return ready.parameters().priority() > running.parameters().priority();
    }

    /**
     * Says no to parameters that it cannot promise.
     *
     * @throws AdmissionException it cannot; nothing has changed
     */
    default void admit(Schedulable strand, Parameters wanted) {}
}
