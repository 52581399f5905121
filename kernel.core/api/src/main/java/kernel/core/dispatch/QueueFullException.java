package kernel.core.dispatch;

/**
 * An asynchronous handler has as many calls outstanding as its queue holds, and was bound with overflow
 * {@link Binding#FAIL}. The message names event, handler and the length of the queue.
 */
public final class QueueFullException extends IllegalStateException {

    private static final long serialVersionUID = 1;

    /** @param message names event, handler and length */
    public QueueFullException(String message) {
        super(message);
    }
}
