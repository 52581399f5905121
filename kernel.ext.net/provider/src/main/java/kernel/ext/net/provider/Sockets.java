package kernel.ext.net.provider;

import java.io.IOException;
import java.util.function.Consumer;
import kernel.ext.net.api.IpAddress;
import kernel.ext.net.api.Network;
import kernel.ext.net.api.NetworkException;
import kernel.ext.net.api.TcpConnection;
import kernel.ext.net.api.UdpEndpoint;
import kernel.ext.net.api.UdpReceive;
import kernel.ext.net.api.handle.HeldConnection;

/** What applications do with a host. Thread-safe: by the host's lock. */
final class Sockets {

    private static final int LONGEST_DATAGRAM = 65507;

    private final Host host;
    private int lastEcho;

    Sockets(Host host) {
        this.host = host;
    }

    private static NetworkException unreachable(IpAddress address) {
        return NetworkException.of("Network is unreachable", address.toString());
    }

    private final class Datagrams implements UdpEndpoint {
        private UdpLayer.Port port;

        @Override
        public int port() {
            return port.number;
        }

        @Override
        public void send(IpAddress wanted, int toPort, byte[] bytes, int offset, int count) throws IOException {
            if (count > LONGEST_DATAGRAM) {
                throw new NetworkException(NetworkException.Reason.TOO_LONG,
                        "Message too long: " + count + " bytes, " + LONGEST_DATAGRAM + " are possible");
            }
            host.enter();
            try {
                IpAddress to = host.stack.scoped(wanted);
                IpAddress from = host.stack.ip.sourceFor(to);
                if (from == null) {
                    throw unreachable(to);
                }
                long now = host.now();
                port.sent++;
                host.stack.udp.send(port.number, from, to, toPort, bytes, offset, count, 64, now);
                host.stack.settle(now);
            } finally {
                host.leave();
            }
        }

        @Override
        public void onTrouble(Consumer<NetworkException> listener) {
            host.enter();
            port.troubled = listener;
            host.leave();
        }

        @Override
        public void close() {
            host.enter();
            try {
                port.close();
            } finally {
                host.leave();
            }
        }
    }

    UdpEndpoint bind(int port, String name, UdpReceive handler) throws IOException {
        if (port < 0 || port > 65535) {
            throw new IOException(port + " is no port: 1 to 65535, or 0 for any");
        }
        Datagrams datagrams = new Datagrams();
        host.enter();
        try {
            datagrams.port = host.stack.udp.bind(port, name, handler);
            if (datagrams.port == null) {
                throw new NetworkException(NetworkException.Reason.IN_USE, "Port " + port + " is taken");
            }
            return datagrams;
        } finally {
            host.leave();
        }
    }

    TcpConnection connect(IpAddress address, int port, long timeout) throws IOException {
        HeldConnection connection = HeldConnection.open(host.handles, IpAddress.ANY, 0, address, port);
        connection.established(timeout);
        return connection;
    }

    Network.Echo echo(IpAddress wanted, int ttl, int bytes, Consumer<Network.Answer> told) throws IOException {
        host.enter();
        try {
            IpAddress address = host.stack.scoped(wanted);
            int rest = ++lastEcho & 0xFFFF | 0x5350_0000;
            long start = host.now();
            EchoListener listener = (what, from, echoed, now) -> {
                if (echoed == rest) {
                    told.accept(new Network.Answer(from, what, host.now() - start));
                }
            };
            host.stack.icmp.listen(listener);
            host.stack.icmp6.listen(listener);
            Network.Echo echo = () -> forget(listener);
            if (!(address.isV4()
                    ? host.stack.icmp.ping(address, ttl, rest, bytes, start)
                    : host.stack.icmp6.ping(address, ttl, rest, bytes, start))) {
                echo.close();
                throw unreachable(address);
            }
            host.stack.settle(start);
            return echo;
        } finally {
            host.leave();
        }
    }

    private void forget(EchoListener listener) {
        host.enter();
        host.stack.icmp.forget(listener);
        host.stack.icmp6.forget(listener);
        host.leave();
    }
}
