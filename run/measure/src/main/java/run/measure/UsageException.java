package run.measure;

/** The command line cannot be understood; the message is for the user. Ends with status 2. */
final class UsageException extends Exception {

    private static final long serialVersionUID = 1;

    UsageException(String message) {
        super(message);
    }
}
