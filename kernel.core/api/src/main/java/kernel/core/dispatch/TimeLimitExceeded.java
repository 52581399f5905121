package kernel.core.dispatch;

/**
 * Thrown in a handler that has exceeded its time limit, to stop it. It is thrown again wherever the handler goes on after
 * having caught it, so there is no use in catching it; {@code finally} blocks run, and are stopped like the rest if they
 * do not end. It never reaches the raiser.
 */
public final class TimeLimitExceeded extends Error {

    private static final long serialVersionUID = 1;

    /** @param message names the handler and its limit */
    public TimeLimitExceeded(String message) {
        super(message);
    }
}
