package kernel.ext.net.rpc.api;

import java.io.IOException;

/** Calls one program of one machine. Thread-safe: several strands may call at once. */
public interface RpcClient extends AutoCloseable {

    /**
     * Calls a procedure and waits for its results. By UDP the call is sent again after half a second, then after ever twice
     * as long; a server that does not remember calls may serve it twice.
     *
     * @param procedure number of it
     * @param arguments what it is given
     * @param timeout nanoseconds
     * @return its results
     * @throws RpcException it was not served
     * @throws IOException the machine is not there
     * @throws java.io.InterruptedIOException the calling strand was interrupted
     */
    XdrReader call(int procedure, XdrWriter arguments, long timeout) throws IOException;

    @Override
    void close();
}
