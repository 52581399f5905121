package bundles.unix.provider.inet;

import java.io.IOException;
import kernel.ext.net.api.IpAddress;
import kernel.ext.net.api.Network;
import kernel.ext.net.api.OnBehalf;
import kernel.ext.net.api.TcpPort;
import kernel.ext.net.api.UdpEndpoint;
import kernel.ext.net.api.UdpReceive;

/**
 * The network for the sockets of one process: what they take is in an account of the process's, so that no program can take it all. Who has
 * inherited a socket goes on in the account of the process that made it. Thread-safe: holds nothing that changes.
 */
final class ProcessNetwork {

    /** Characters of a command that are shown. */
    private static final int SHOWN = 40;

    private final Network network;
    private final OnBehalf process;

    ProcessNetwork(Network network, int process, String command) {
        this.network = network;
        this.process = new OnBehalf((long) process, "pid " + process + " " + shown(command));
    }

    private static String shown(String command) {
        String name = command.substring(command.lastIndexOf('/', command.concat(" ").indexOf(' ')) + 1);
        return name.length() <= SHOWN ? name : name.substring(0, SHOWN - 3) + "...";
    }

    TcpPort bindTcp(IpAddress address, boolean only6, int port, boolean reuse) throws IOException {
        return ScopedValue.where(OnBehalf.OF, process).call(() -> network.bindTcp(address, only6, port, reuse));
    }

    UdpEndpoint bind(int port, UdpReceive handler) throws IOException {
        return ScopedValue.where(OnBehalf.OF, process).call(() -> network.bind(port, "program", handler));
    }

    IpAddress sourceFor(IpAddress destination) {
        return network.sourceFor(destination);
    }
}
