package kernel.ext.net.rpc.provider;

import kernel.ext.net.rpc.api.RpcException;
import kernel.ext.net.rpc.api.RpcException.Reason;
import kernel.ext.net.rpc.api.XdrException;
import kernel.ext.net.rpc.api.XdrReader;
import kernel.ext.net.rpc.api.XdrWriter;

/** Headers of calls and answers (RFC 5531 sections 8, 9). */
final class Messages {

    static final int CALL = 0, REPLY = 1, VERSION = 2;
    static final int ACCEPTED = 0, DENIED = 1;
    static final int SUCCESS = 0, PROG_UNAVAIL = 1, PROG_MISMATCH = 2, PROC_UNAVAIL = 3, GARBAGE_ARGS = 4,
            SYSTEM_ERR = 5;
    static final int RPC_MISMATCH = 0, AUTH_ERROR = 1, AUTH_BADCRED = 1, AUTH_REJECTEDCRED = 2;
    static final int AUTH_NONE = 0, AUTH_SYS = 1;
    /** Bytes that credentials may have. */
    static final int CREDENTIALS = 400;

    private Messages() {}

    static void call(XdrWriter out, int xid, int program, int version, int procedure) {
        out.putInt(xid).putInt(CALL).putInt(VERSION).putInt(program).putInt(version).putInt(procedure);
        out.putInt(AUTH_NONE).putInt(0).putInt(AUTH_NONE).putInt(0);
    }

    /** The beginning of an answer to a call that was understood; what comes after {@link #SUCCESS} are the results. */
    static XdrWriter accepted(XdrWriter out, int xid, int status) {
        return out.putInt(xid).putInt(REPLY).putInt(ACCEPTED).putInt(AUTH_NONE).putInt(0).putInt(status);
    }

    static void denied(XdrWriter out, int xid, int status, int first, int second) {
        out.putInt(xid).putInt(REPLY).putInt(DENIED).putInt(status).putInt(first);
        if (status == RPC_MISMATCH) {
            out.putInt(second);
        }
    }

    static int status(Reason reason) {
        return switch (reason) {
            case PROGRAM_UNAVAILABLE -> PROG_UNAVAIL;
            case PROCEDURE_UNAVAILABLE -> PROC_UNAVAIL;
            case GARBAGE_ARGUMENTS -> GARBAGE_ARGS;
            default -> SYSTEM_ERR;
        };
    }

    /** Reads an answer's header from behind its xid up to the results. */
    static void results(XdrReader in) throws RpcException {
        try {
            if (in.getInt() != REPLY) {
                throw new XdrException("it is no answer");
            }
            int what = in.getInt();
            if (what == DENIED) {
                denied(in);
            }
            if (what != ACCEPTED) {
                throw new XdrException("neither accepted nor denied");
            }
            in.getInt();
            in.getOpaque(CREDENTIALS);
            refused(in);
        } catch (XdrException e) {
            throw new RpcException(Reason.GARBAGE_ANSWER, "The answer cannot be understood: " + e.getMessage());
        }
    }

    private static void denied(XdrReader in) throws XdrException, RpcException {
        if (in.getInt() == RPC_MISMATCH) {
            int low = in.getInt();
            int high = in.getInt();
            throw new RpcException(Reason.RPC_MISMATCH, "The server speaks RPC " + low + " to " + high, low, high);
        }
        throw new RpcException(Reason.AUTHENTICATION, "The server refuses our credentials, reason " + in.getInt());
    }

    private static void refused(XdrReader in) throws XdrException, RpcException {
        int status = in.getInt();
        switch (status) {
            case SUCCESS -> {
                return;
            }
            case PROG_UNAVAIL -> throw new RpcException(Reason.PROGRAM_UNAVAILABLE, "The program is not served there");
            case PROG_MISMATCH -> {
                int low = in.getInt();
                int high = in.getInt();
                throw new RpcException(Reason.PROGRAM_MISMATCH,
                        "The program is served there in versions " + low + " to " + high, low, high);
            }
            case PROC_UNAVAIL -> throw new RpcException(Reason.PROCEDURE_UNAVAILABLE, "There is no such procedure");
            case GARBAGE_ARGS -> throw new RpcException(Reason.GARBAGE_ARGUMENTS,
                    "The server does not understand the arguments");
            default -> throw new RpcException(Reason.SYSTEM_ERROR, "Something is wrong in the server");
        }
    }
}
