package kernel.core.strand;

/** Is told of every turn of every strand; for traces. */
@FunctionalInterface
public interface TurnObserver {

    /**
     * A strand begins to run. Called with the scheduler's lock: must be quick, and neither wait nor start strands.
     *
     * @param time the machine's monotonic time, nanoseconds
     * @param processor from 0
     * @param strand who runs
     */
    void turn(long time, int processor, Strand strand);
}
