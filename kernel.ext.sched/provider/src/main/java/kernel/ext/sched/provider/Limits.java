package kernel.ext.sched.provider;

/**
 * When the watch acts, all in nanoseconds.
 *
 * @param tick between two looks while strands run
 * @param deaf how long after it was asked a strand keeps its processor if it does not give way
 * @param stall how long a policy may take for one answer
 * @param idle how long a strand may wait beside an idle processor
 * @param starve how long a strand may wait at all
 */
record Limits(long tick, long deaf, long stall, long idle, long starve) {

    private static final long MILLISECOND = 1_000_000;

    static final Limits USUAL = new Limits(MILLISECOND, 5 * MILLISECOND, 1000 * MILLISECOND, 1000 * MILLISECOND,
            30_000 * MILLISECOND);
}
