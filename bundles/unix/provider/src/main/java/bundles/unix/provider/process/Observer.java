package bundles.unix.provider.process;

import bundles.unix.provider.signal.SignalInfo;
import kernel.core.machine.UserContext;

/**
 * Who watches a process as ptrace(2) lets a debugger do. A process that nobody watches has none, and pays nothing. Each method is called in
 * the strand of the thread that it is about, with no lock held, unless it says otherwise.
 */
public interface Observer {

    /** The thread is between two instructions; it may be held here. */
    void attention(UnixThread thread);

    /**
     * The thread is about to get a signal; it may be held here.
     *
     * @return what it gets instead; null: nothing
     */
    SignalInfo signal(UnixThread thread, SignalInfo info);

    /**
     * A child has been made that has a copy of the memory, and does not run yet. In the strand of the thread that made it.
     *
     * @param context the child's
     */
    void forked(UnixProcess child, UserContext context);

    /** The memory is lent to a child until {@link #returned} (vfork(2)). */
    void lent(UnixThread thread);

    /** The memory is the process's own again. */
    void returned(UnixThread thread);

    /** It runs another program from now on. */
    void executed(UnixThread thread);

    /**
     * The process has ended. In the strand of its last thread; others are told afterwards.
     *
     * @param word status as wait(2) gives it
     */
    void ended(int word);
}
