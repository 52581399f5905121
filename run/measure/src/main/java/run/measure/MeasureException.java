package run.measure;

/** A measurement failed; the message says what, where and what to do. Ends the driver with status 1. */
public class MeasureException extends Exception {

    private static final long serialVersionUID = 1;

    /** @param message for the person at the terminal */
    public MeasureException(String message) {
        super(message);
    }

    /** @param message for the person at the terminal */
    public MeasureException(String message, Throwable cause) {
        super(message, cause);
    }
}
