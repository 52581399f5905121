package bundles.unix.provider.signal;

/**
 * What a process does about a signal (sigaction(2)).
 *
 * @param handler address of a handler, or {@link Signal#SIG_DFL} or {@link Signal#SIG_IGN}
 * @param flags {@code SA_} bits
 * @param mask signals that are blocked while the handler runs
 * @param restorer address to which the handler returns, or 0: code in the frame
 */
public record Action(long handler, long flags, long mask, long restorer) {

    /** What every signal does at first. */
    public static final Action DEFAULT = new Action(Signal.SIG_DFL, 0, 0, 0);

    /** Whether the signal does nothing. */
    public boolean ignores(int signal) {
        return handler == Signal.SIG_IGN || handler == Signal.SIG_DFL && Signal.ignoredByDefault(signal);
    }

    /** Whether a flag is set. */
    public boolean has(long flag) {
        return (flags & flag) != 0;
    }
}
