package kernel.ext.net.rpc.api;

import java.io.IOException;
import java.util.List;
import kernel.ext.net.api.IpAddress;

/** Remote procedure calls, to serve and to make. Thread-safe. */
public interface Rpc {

    /** Number of the port mapper's program, and its port (RFC 1833). */
    int PORTMAPPER = 100000, PORTMAPPER_PORT = 111;

    /**
     * Serves a version of a program, by UDP and TCP, and tells the port mapper of this machine.
     *
     * @param program its number; 0x20000000 to 0x3FFFFFFF are for one's own (RFC 5531 section 8.4)
     * @param version of it
     * @param port 1 to 65535, or 0 for the one that all share who do not care
     * @param name for people
     * @return ends it when closed
     * @throws IOException somebody serves it already, or the port is taken
     */
    Served serve(int program, int version, int port, String name, RpcHandler handler) throws IOException;

    /**
     * Gets ready to call a program of another machine; by TCP, connects.
     *
     * @param port of it; 0: the other machine's port mapper is asked
     * @param timeout nanoseconds for that
     * @throws RpcException it is not there
     * @throws IOException the machine is not there
     */
    RpcClient client(RpcTransport transport, IpAddress address, int port, int program, int version, long timeout)
            throws IOException;

    /** What another machine's port mapper knows. @param timeout nanoseconds */
    List<Mapping> mappings(IpAddress address, long timeout) throws IOException;

    /** What is served here. */
    List<Mapping> served();

    /**
     * A version of a program that is served at a port.
     *
     * @param protocol number in IP
     * @param name for people; empty if it is not known
     * @param calls that were served; 0 if it is not known
     */
    record Mapping(int program, int version, int protocol, int port, String name, long calls) {}

    /** Ends what is served when closed; no call by UDP is under way then. */
    interface Served extends AutoCloseable {

        /** The port. */
        int port();

        @Override
        void close();
    }
}
