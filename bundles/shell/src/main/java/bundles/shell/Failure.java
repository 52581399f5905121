package bundles.shell;

/** A command did not do what it was asked to; the message says why. */
public final class Failure extends Exception {

    private static final long serialVersionUID = 1;

    /** @param message for the operator */
    public Failure(String message) {
        super(message);
    }

    /** What to tell the operator about an exception of a command: its message, and its kind unless it is ours. */
    static String describe(Exception e) {
        return e instanceof Failure || e.getMessage() == null || e.getClass().getName().contains("CommandNotFound")
                ? e.getMessage() == null ? e.toString() : e.getMessage()
                : e.getClass().getSimpleName() + ": " + e.getMessage();
    }

    @Override
    public String toString() {
        return getMessage();
    }
}
