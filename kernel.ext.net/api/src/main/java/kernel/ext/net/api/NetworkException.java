package kernel.ext.net.api;

import java.io.IOException;

/** The network could not do what it was asked to. The message is for people, the reason for programs. Immutable. */
public final class NetworkException extends IOException {

    private static final long serialVersionUID = 1;

    private final Reason reason;

    /** Why. */
    public enum Reason {
        /** The port is taken. */
        IN_USE,
        /** The address is not one of ours. */
        NOT_OURS,
        /** There is no route. */
        NETWORK_UNREACHABLE,
        /** The way there is interrupted. */
        HOST_UNREACHABLE,
        /** Nobody listens there. */
        REFUSED,
        /** The other side has ended the connection. */
        RESET,
        /** We have ended the connection. */
        ABORTED,
        /** Nobody answers. */
        TIMED_OUT,
        /** We had said that no more comes. */
        SHUT,
        /** A message is longer than it may be. */
        TOO_LONG,
        /** The network was stopped. */
        DOWN,
        /** Whoever asks holds as much as he may. */
        LIMIT,
        /** Something else. */
        OTHER
    }

    /**
     * @param reason why
     * @param message for people
     */
    public NetworkException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    /** Why a connection failed, from what protocols say of it ({@code Tcb.failure}), and where. */
    public static NetworkException of(String failure, String where) {
        Reason reason = switch (failure) {
            case "Connection refused" -> Reason.REFUSED;
            case "Connection reset", "Connection reset by peer" -> Reason.RESET;
            case "Connection aborted" -> Reason.ABORTED;
            case "Connection timed out" -> Reason.TIMED_OUT;
            case "Network is unreachable" -> Reason.NETWORK_UNREACHABLE;
            case "No route to host" -> Reason.HOST_UNREACHABLE;
            case "The network was stopped" -> Reason.DOWN;
            case "Broken pipe" -> Reason.SHUT;
            default -> Reason.OTHER;
        };
        return new NetworkException(reason, where.isEmpty() ? failure : failure + ": " + where);
    }

    /** Why. */
    public Reason reason() {
        return reason;
    }
}
