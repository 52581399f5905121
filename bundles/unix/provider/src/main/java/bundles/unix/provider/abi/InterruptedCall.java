package bundles.unix.provider.abi;

/**
 * A signal ended the wait of a system call before anything was done. The call fails with {@link Errno#EINTR}, or is made
 * again if the signal's handler was installed with {@code SA_RESTART} (signal(7)).
 */
public final class InterruptedCall extends ErrnoException {

    private static final long serialVersionUID = 1;

    /** The only one. */
    private static final InterruptedCall INSTANCE = new InterruptedCall();

    private InterruptedCall() {
        super(Errno.EINTR);
    }

    /** The exception. */
    public static InterruptedCall exception() {
        return INSTANCE;
    }
}
