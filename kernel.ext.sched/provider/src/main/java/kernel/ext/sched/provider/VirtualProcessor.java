package kernel.ext.sched.provider;

/** One processor of the machine: the right to run one strand at a time. Belongs to the scheduler's lock. */
final class VirtualProcessor {

    final int number;
    /** The host's thread that uses it now. */
    Carrier carrier;
    /** What it runs; null between two strands. */
    volatile StrandTask running;
    /** Its carrier found nothing to run, and sleeps. */
    boolean idle;
    /** Nanoseconds that the strand which runs may do so. */
    long quantum;
    volatile long busy;
    volatile long switches;

    VirtualProcessor(int number) {
        this.number = number;
    }
}
