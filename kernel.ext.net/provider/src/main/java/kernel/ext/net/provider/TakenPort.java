package kernel.ext.net.provider;

import java.io.IOException;
import kernel.ext.net.api.IpAddress;
import kernel.ext.net.api.NetworkException;
import kernel.ext.net.api.TcpConnection;
import kernel.ext.net.api.TcpListener;
import kernel.ext.net.api.TcpPort;
import kernel.ext.net.api.tcp.Tcb;

/** A TCP port that an application has taken. Thread-safe: by the host's lock. */
final class TakenPort implements TcpPort {

    private final Host host;
    private final TcpPorts.Taken taken;
    private Acceptor acceptor;

    TakenPort(Host host, IpAddress wanted, boolean only6, int port, boolean reuse) throws IOException {
        this.host = host;
        if (port < 0 || port > 65535) {
            throw new IOException(port + " is no port: 1 to 65535, or 0 for any");
        }
        host.enter();
        try {
            IpAddress address = host.stack.scoped(wanted);
            if (!address.isAny() && !host.stack.ours(address)) {
                throw new NetworkException(NetworkException.Reason.NOT_OURS, address + " is no address of ours");
            }
            int number = port == 0 ? host.stack.opening.freePort(address, only6) : port;
            if (number == 0 || host.stack.ports.taken(address, only6, number, reuse)) {
                throw new NetworkException(NetworkException.Reason.IN_USE,
                        port == 0 ? "No port is free" : "Port " + port + " is taken");
            }
            taken = host.stack.ports.take(address, only6, number, reuse);
        } finally {
            host.leave();
        }
    }

    @Override
    public IpAddress address() {
        return taken.address;
    }

    @Override
    public int port() {
        return taken.port;
    }

    @Override
    public TcpListener listen(int backlog) throws IOException {
        host.enter();
        try {
            acceptor = new Acceptor(host, taken.address, taken.only6, taken.port, backlog);
            taken.listens = true;
            return acceptor;
        } finally {
            host.leave();
        }
    }

    @Override
    public TcpConnection connect(IpAddress wanted, int toPort) throws IOException {
        Connection connection = new Connection(host);
        host.enter();
        try {
            IpAddress to = host.stack.scoped(wanted);
            IpAddress from = taken.address.isAny() ? host.stack.ip.sourceFor(to) : taken.address;
            if (from == null || from.isV4() != to.isV4()) {
                throw NetworkException.of("Network is unreachable", to.toString());
            }
            Tcb tcb = host.stack.connect(from, taken.port, to, toPort, connection, host.now());
            if (tcb == null) {
                throw new NetworkException(NetworkException.Reason.IN_USE,
                        "There is a connection from port " + taken.port + " to " + to + " port " + toPort + " already");
            }
            connection.is(tcb);
            return connection;
        } finally {
            host.leave();
        }
    }

    @Override
    public void close() {
        host.enter();
        try {
            host.stack.ports.give(taken);
            if (acceptor != null) {
                acceptor.close();
            }
        } finally {
            host.leave();
        }
    }
}
