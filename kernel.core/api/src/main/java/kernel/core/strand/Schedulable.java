package kernel.core.strand;

/** A strand as a {@link SchedulingPolicy} sees it. Its methods may be called by the policy, in its calls, alone. */
public interface Schedulable extends Strand {

    /** Where it ran last, from 0; -1 if it never ran. */
    int lastProcessor();

    /** What the policy in force attached; null at first and after a change of policy. */
    Object attachment();

    /** Attaches something of the policy's. */
    void attach(Object attachment);
}
