package kernel.core.machine;

import java.util.concurrent.Executor;

/**
 * The clock of a machine whose runs can be repeated: its time is moved on by instructions of user code, each of which takes as
 * long as any other, and by skipping what nobody works in. So it is the same in each run, however fast the host is; kernel code
 * takes no time. A machine that has it has one processor. Thread-safe.
 */
public interface VirtualTime extends Clock {

    /**
     * Begins a run: the time is what it was when the machine was switched on, the only time at which it goes back; random numbers
     * are those of the seed; all waits for a time are over; and time may be skipped from now on.
     *
     * @param seed which run
     */
    void begin(long seed);

    /** Ends a run: time is no longer skipped. */
    void end();

    /** Seed of the run, or of the last one; 0 before the first. */
    long seed();

    /**
     * Sets the interval timer: user code that runs at that time raises {@link AsyncTrap}, after exactly as many instructions as
     * fit in, once.
     *
     * @param time {@link #monotonicTime()}; what is set replaces what was set before
     */
    void interruptAt(long time);

    /**
     * Nothing can run: goes on to the time of the first alarm, and lets who waits for it know.
     *
     * @return {@code false}: nobody waits for a time, or there is no run
     */
    boolean skip();

    /** Who is to run what wakes those that wait for a time; such a task may wait for a lock. Until somebody is said: the caller. */
    void wakeBy(Executor executor);
}
