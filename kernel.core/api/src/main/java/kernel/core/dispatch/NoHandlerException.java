package kernel.core.dispatch;

/**
 * An event was raised, nothing is bound that could answer it, and nothing came within the waiting time. The message names
 * the event and says how long was waited.
 */
public final class NoHandlerException extends IllegalStateException {

    private static final long serialVersionUID = 1;

    /** @param message names the event and what to do */
    public NoHandlerException(String message) {
        super(message);
    }
}
