package bundles.unix.api;

import kernel.core.machine.UserContext;
import kernel.core.memory.TranslationContext;

/** A UNIX process. Thread-safe. */
public interface Process {

    /** Process id, from 1. */
    int id();

    /** File name and arguments, for people. */
    String command();

    /** Whether it has ended. */
    boolean ended();

    /** Exit status as a UNIX shell gives it: 0 to 255, or 128 + signal; -1 while it runs. */
    int status();

    /** The signal that killed it, or 0. */
    int killedBy();

    /**
     * Waits for its end.
     *
     * @param nanoseconds how long at most; 0: for ever
     * @return whether it has ended
     * @throws InterruptedException the calling strand was interrupted
     */
    boolean join(long nanoseconds) throws InterruptedException;

    /** Forgets an ended process; afterwards its id is free. */
    void reap();

    /**
     * Sends a signal.
     *
     * @param signal number in Linux/Alpha's numbers, 1 to 64
     * @return whether the process was still there to get it
     */
    boolean signal(int signal);

    /**
     * Sends a signal as its terminal does for a key: to the process group in the foreground.
     *
     * @param signal number in Linux/Alpha's numbers, 1 to 64
     */
    void interrupt(int signal);

    /** Has it go on if it was stopped, and those in its terminal's foreground: each gets one SIGCONT. */
    void goOn();

    /**
     * Says what to do whenever the process stops, if it was started by the kernel's user: tell him.
     *
     * @param action must not wait
     */
    void setStopAction(Runnable action);

    /**
     * Makes each of its threads raise {@link kernel.core.machine.AsyncTrap} soon: at its next instruction boundary if it waits in
     * a system call.
     */
    void requestAttention();

    /** Whether it is stopped (SIGSTOP and its like). */
    boolean stopped();

    /** Id of its parent; 0: the kernel's user started it; 1: its parent has ended. */
    int parent();

    /** The user that it belongs to. */
    default int user() {
        return 0;
    }

    /** Number of its process group. */
    int group();

    /** Threads that it has. */
    int threads();

    /** Instructions executed so far. */
    long instructions();

    /** Unaligned accesses to memory that were mended so far. */
    default long unaligned() {
        return 0;
    }

    /** Frames of memory in use. */
    int resident();

    /** When it started, nanoseconds of {@link kernel.core.machine.Clock#monotonicTime()}. */
    long started();

    /** Its address space. */
    TranslationContext translation();

    /** The process that a context belongs to, or null if it is none's. */
    static Process of(UserContext context) {
        return context.owner() instanceof UserThread thread ? thread.process() : null;
    }
}
