package kernel.ext.net.rpc.api;

/** What serves a program's procedures, but 0, which does nothing and is always there. */
@FunctionalInterface
public interface RpcHandler {

    /**
     * Serves a call: reads the arguments and writes the results. For a call by UDP this runs in the strand that brought the datagram
     * and must not wait; for one by TCP in a strand of the connection's.
     *
     * @param call which procedure, and who calls
     * @param arguments what the caller sent; not to be used later
     * @param results what the caller is sent
     * @throws XdrException the arguments are not what they should be: the caller is told ({@code GARBAGE_ARGS})
     * @throws RpcException the caller is told its reason
     */
    void serve(RpcCall call, XdrReader arguments, XdrWriter results) throws XdrException, RpcException;
}
