package run.measure;

/** Something must be installed or built before this can be measured; the message says what. Ends with status 2. */
public final class MissingException extends MeasureException {

    private static final long serialVersionUID = 1;

    /** @param message names what is missing and the package that holds it */
    public MissingException(String message) {
        super(message);
    }
}
