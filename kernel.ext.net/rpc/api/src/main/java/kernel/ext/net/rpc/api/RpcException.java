package kernel.ext.net.rpc.api;

import java.io.IOException;

/** A call was not served. Immutable. */
public final class RpcException extends IOException {

    private static final long serialVersionUID = 1;

    private final Reason reason;
    private final int low;
    private final int high;

    /** Why (RFC 5531 section 9). */
    public enum Reason {
        /** Nobody serves that program there. */
        PROGRAM_UNAVAILABLE,
        /** The program is served, but not in that version: {@link RpcException#low} to {@link RpcException#high} are. */
        PROGRAM_MISMATCH,
        /** There is no such procedure. */
        PROCEDURE_UNAVAILABLE,
        /** The server cannot make sense of the arguments. */
        GARBAGE_ARGUMENTS,
        /** Something is wrong in the server. */
        SYSTEM_ERROR,
        /** The server speaks another version of RPC. */
        RPC_MISMATCH,
        /** The server does not take our credentials. */
        AUTHENTICATION,
        /** No answer came in time. */
        TIMED_OUT,
        /** The answer is no answer. */
        GARBAGE_ANSWER
    }

    /**
     * @param reason why
     * @param message for people
     */
    public RpcException(Reason reason, String message) {
        this(reason, message, 0, 0);
    }

    /**
     * @param reason why
     * @param message for people
     * @param low lowest version that is served
     * @param high highest version that is served
     */
    public RpcException(Reason reason, String message, int low, int high) {
        super(message);
        this.reason = reason;
        this.low = low;
        this.high = high;
    }

    /** Why. */
    public Reason reason() {
        return reason;
    }

    /** Lowest version that is served; 0 if that is not what was wrong. */
    public int low() {
        return low;
    }

    /** Highest version that is served; 0 if that is not what was wrong. */
    public int high() {
        return high;
    }
}
