package kernel.core.dispatch;

/**
 * Thrown in code of a bundle that is not trusted and has been stopped, at its next method entry or backward branch, whoever calls it: what is
 * stopped runs no more. It is thrown again wherever that code goes on.
 */
public final class DomainStopped extends Error {

    private static final long serialVersionUID = 1;

    /** @param message names the bundle */
    public DomainStopped(String message) {
        super(message);
    }
}
