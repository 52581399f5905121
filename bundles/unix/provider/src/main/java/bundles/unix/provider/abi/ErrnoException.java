package bundles.unix.provider.abi;

/** A system call ends with an error number. Has no trace: it is an answer, not a defect. Immutable. */
public class ErrnoException extends Exception {

    private static final long serialVersionUID = 1;

    private final Errno errno;

    /** @param errno the error */
    protected ErrnoException(Errno errno) {
        super(errno.name(), null, false, false);
        this.errno = errno;
    }

    /** The error. */
    public Errno errno() {
        return errno;
    }
}
