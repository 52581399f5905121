package kernel.core.strand;

/**
 * What a strand asks of the scheduler. Every policy honours what it knows and ignores the rest. Immutable.
 *
 * @param priority strands of higher priority run first, where the policy goes by priority; {@link #LOWEST} to
 *            {@link #HIGHEST} (the range of SPIN's {@code Strand.i3})
 * @param shares its part of the processors in terms of the others' parts, where the policy gives proportions; 1 to 10,000
 * @param period nanoseconds, and
 * @param budget so many of them on a processor in each period, where the policy keeps deadlines; both 0: none
 */
public record Parameters(int priority, int shares, long period, long budget) {

    /** The lowest priority. */
    public static final int LOWEST = -2;
    /** The highest priority. */
    public static final int HIGHEST = 10_000;
    /** What strands have that ask for nothing: priority 1000, 100 shares, no deadlines. */
    public static final Parameters USUAL = new Parameters(1000, 100, 0, 0);

    /** @throws IllegalArgumentException out of range; the message says what */
    public Parameters {
        if (priority < LOWEST || priority > HIGHEST) {
            throw new IllegalArgumentException("priority " + priority + ": it must be " + LOWEST + " to " + HIGHEST);
        }
        if (shares < 1 || shares > 10_000) {
            throw new IllegalArgumentException("shares " + shares + ": they must be 1 to 10000");
        }
        if (period < 0 || budget < 0 || budget > period) {
            throw new IllegalArgumentException(
                    "a budget of " + budget + " ns in a period of " + period
                            + " ns: the budget must be 0 to the period");
        }
    }

    /** The same with another priority. */
    public Parameters withPriority(int other) {
        return new Parameters(other, shares, period, budget);
    }

    /** The same with other shares. */
    public Parameters withShares(int other) {
        return new Parameters(priority, other, period, budget);
    }

    /** The same with a reservation, see {@link Parameters}. */
    public Parameters withBudget(long nanoseconds, long inPeriod) {
        return new Parameters(priority, shares, inPeriod, nanoseconds);
    }
}
