package bundles.unix.provider.process;

import bundles.unix.provider.signal.Signal;
import bundles.unix.provider.signal.SignalInfo;

/**
 * The timers of a process: those of setitimer(2) and timer_create(2), and the one that watches RLIMIT_CPU. Thread-safe: each guards
 * itself.
 */
public final class ProcessTimers {

    private static final long SECOND = 1_000_000_000L;

    private final UnixProcess process;
    private final IntervalTimer real;
    private final IntervalTimer virtual;
    private final IntervalTimer profiling;
    private final IntervalTimer limit;
    private final PosixTimers posix;

    /** None of them runs. */
    ProcessTimers(UnixProcess process) {
        this.process = process;
        Kernel kernel = process.kernel();
        this.real = new IntervalTimer(kernel.clock(), kernel.strands(), times -> send(Signal.SIGALRM));
        this.virtual = IntervalTimer.ofProcessorTime(kernel.clock(), kernel.strands(), process::processorTime,
                times -> send(Signal.SIGVTALRM));
        this.profiling = IntervalTimer.ofProcessorTime(kernel.clock(), kernel.strands(), process::processorTime,
                times -> send(Signal.SIGPROF));
        this.limit = IntervalTimer.ofProcessorTime(kernel.clock(), kernel.strands(), process::processorTime,
                times -> usedUp());
        this.posix = new PosixTimers(process);
    }

    private void send(int signal) {
        process.send(SignalInfo.kernel(signal));
    }

    /** ITIMER_REAL. */
    public IntervalTimer real() {
        return real;
    }

    /** ITIMER_VIRTUAL; all time is user time, so it is as {@link #profiling} but for its signal. */
    public IntervalTimer virtual() {
        return virtual;
    }

    /** ITIMER_PROF. */
    public IntervalTimer profiling() {
        return profiling;
    }

    /** Those of timer_create(2). */
    public PosixTimers posix() {
        return posix;
    }

    /** RLIMIT_CPU was set, or inherited. */
    void limitTime() {
        long seconds = process.limits().soft(ResourceLimits.CPU);
        if (seconds > Long.MAX_VALUE / SECOND) {
            limit.set(0, 0);
        } else {
            limit.set(Math.max(1, seconds * SECOND - process.processorTime()), SECOND);
        }
    }

    /** More processor time than RLIMIT_CPU allows: SIGXCPU each second, and at the hard limit the end. */
    private void usedUp() {
        long hard = process.limits().hard(ResourceLimits.CPU);
        boolean end = hard <= Long.MAX_VALUE / SECOND && process.processorTime() >= hard * SECOND;
        send(end ? Signal.SIGKILL : Signal.SIGXCPU);
    }

    /** Stops all. */
    void stop() {
        real.set(0, 0);
        virtual.set(0, 0);
        profiling.set(0, 0);
        limit.set(0, 0);
        posix.clear();
    }
}
