package kernel.ext.net.rpc.api;

import kernel.ext.net.api.IpAddress;

/**
 * A call as its server sees it.
 *
 * @param from whose it is
 * @param fromPort his port
 * @param transport by which it came
 * @param program number of the program
 * @param version of it
 * @param procedure that is called, 1 or more
 * @param user the caller's user id as he says (AUTH_SYS, RFC 5531 appendix A), which proves nothing; -1 if he does not say
 * @param group the caller's group id as he says, or -1
 */
public record RpcCall(IpAddress from, int fromPort, RpcTransport transport, int program, int version, int procedure,
        int user, int group) {

    /** What to throw when there is no such procedure. */
    public RpcException noSuchProcedure() {
        return new RpcException(RpcException.Reason.PROCEDURE_UNAVAILABLE, "There is no procedure " + procedure);
    }
}
