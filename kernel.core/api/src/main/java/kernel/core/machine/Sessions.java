package kernel.core.machine;

/**
 * The place at which a resident machine takes requests from outside: on a hosted machine a socket that only its user can
 * open. Present only in a machine that was started for it ({@link Boot.Mode#SERVE}). Thread-safe.
 */
public interface Sessions {

    /**
     * Waits for the next request. The taker must {@link Session#end} it.
     *
     * @throws InterruptedException the calling strand was interrupted
     */
    Session accept() throws InterruptedException;
}
