package bundles.unix.provider.process;

import bundles.unix.provider.abi.Errno;
import bundles.unix.provider.abi.ErrnoException;
import kernel.core.strand.Parameters;

/**
 * How a thread wants to be scheduled (sched(7)), and what its strand asks of the kernel's scheduler for that: how nice it is as a share of
 * the processors, a real-time priority as one above the usual, a deadline as a reservation. What the scheduler in force does
 * not know it ignores. Immutable.
 *
 * @param policy {@link #NORMAL} and so on
 * @param priority 1 to 99 for {@link #FIFO} and {@link #ROUND_ROBIN}, else 0
 * @param runtime nanoseconds of the processor in each period, for {@link #DEADLINE}; else 0
 * @param deadline nanoseconds from the beginning of a period until which it has them
 * @param period nanoseconds; 0: as the deadline
 * @param reset whether children begin as usual (SCHED_RESET_ON_FORK)
 */
public record Scheduling(int policy, int priority, long runtime, long deadline, long period, boolean reset) {

    /** SCHED_OTHER and the others of sched.h. */
    public static final int NORMAL = 0, FIFO = 1, ROUND_ROBIN = 2, BATCH = 3, IDLE = 5, DEADLINE = 6;
    /** What programs begin with. */
    public static final Scheduling USUAL = new Scheduling(NORMAL, 0, 0, 0, 0, false);

    /** The least time that can be reserved, in nanoseconds: as Linux has it. */
    private static final long LEAST = 1024;
    /** Linux gives each step of niceness a quarter more than the next (kernel/sched/core.c). */
    private static final double STEP = 1.25;

    /** Whether a policy goes by priority. */
    public static boolean realTime(int policy) {
        return policy == FIFO || policy == ROUND_ROBIN;
    }

    /** Whether it is one that sched_setattr(2) accepts. */
    public boolean valid() {
        return switch (policy) {
            case NORMAL, BATCH, IDLE -> priority == 0;
            case FIFO, ROUND_ROBIN -> priority >= 1 && priority <= 99;
            case DEADLINE ->
                priority == 0 && runtime >= LEAST && deadline >= runtime && (period == 0 || period >= deadline);
            default -> false;
        };
    }

    /**
     * What a child of such a thread begins with.
     *
     * @throws ErrnoException EAGAIN: reservations are not made twice
     */
    Scheduling ofChild() throws ErrnoException {
        if (policy == DEADLINE && !reset) {
            throw Errno.EAGAIN.exception();
        }
        boolean keeps = !reset || policy == NORMAL || policy == BATCH || policy == IDLE;
        return keeps ? new Scheduling(policy, priority, 0, 0, 0, false) : USUAL;
    }

    /** How nice a child of such a thread is (kernel/sched/core.c, sched_fork). @param nice of the thread, -20 to 19 */
    int niceOfChild(int nice) {
        return reset && (policy == FIFO || policy == ROUND_ROBIN || policy == DEADLINE || nice < 0) ? 0 : nice;
    }

    /** The priority that is shown to people (proc_pid_stat(5)). @param nice -20 to 19 */
    public int shown(int nice) {
        return switch (policy) {
            case FIFO, ROUND_ROBIN -> -1 - priority;
            case DEADLINE -> -101;
            default -> 20 + nice;
        };
    }

    /** What the strand asks for. @param nice -20 to 19 */
    Parameters parameters(int nice) {
        Parameters usual = Parameters.USUAL;
        return switch (policy) {
            case FIFO, ROUND_ROBIN -> usual.withPriority(usual.priority() + priority);
            // Its deadline is the end of a period to the scheduler, which is at least as early.
            case DEADLINE -> usual.withBudget(runtime, deadline);
            case IDLE -> usual.withPriority(usual.priority() - 1).withShares(1);
            default ->
                usual.withShares(Math.clamp(Math.round(usual.shares() * Math.pow(STEP, -nice)), 1, 10_000));
        };
    }
}
