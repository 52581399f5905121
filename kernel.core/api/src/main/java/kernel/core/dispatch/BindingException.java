package kernel.core.dispatch;

/**
 * A binding was refused: it does not fit the event, or nobody who may has allowed it. The message says which binding, what
 * is wrong with it and how to mend it. Nothing was changed.
 */
public final class BindingException extends IllegalArgumentException {

    private static final long serialVersionUID = 1;

    /** @param message what is wrong and how to mend it */
    public BindingException(String message) {
        super(message);
    }

    /**
     * @param message what is wrong and how to mend it
     * @param cause what brought it to light
     */
    public BindingException(String message, Throwable cause) {
        super(message, cause);
    }
}
