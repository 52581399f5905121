package bundles.unix.api;

/** A program cannot be started. */
public final class ExecException extends Exception {

    private static final long serialVersionUID = 1;

    private final int status;

    /**
     * @param message what is wrong with which file, and what to do
     * @param status what a UNIX shell gives: 127 not found, 126 found but not executable
     */
    public ExecException(String message, int status) {
        super(message);
        this.status = status;
    }

    /** Exit status for the shell. */
    public int status() {
        return status;
    }
}
