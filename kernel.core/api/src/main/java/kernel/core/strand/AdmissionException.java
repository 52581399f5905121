package kernel.core.strand;

/** The scheduling policy in force cannot promise a strand what it asks for. The message says why. */
public final class AdmissionException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** @param message what was asked for, and what is left */
    public AdmissionException(String message) {
        super(message);
    }
}
