package kernel.ext.net.rpc.provider;

import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import kernel.core.strand.Strands;
import kernel.ext.net.api.IpAddress;
import kernel.ext.net.api.Network;
import kernel.ext.net.api.Packet;
import kernel.ext.net.api.TcpConnection;
import kernel.ext.net.api.TcpListener;
import kernel.ext.net.api.UdpEndpoint;
import kernel.ext.net.api.header.Udp;
import kernel.ext.net.rpc.api.RpcTransport;
import kernel.ext.net.rpc.api.XdrReader;
import kernel.ext.net.rpc.api.XdrWriter;

/**
 * A port at which calls come, by UDP and TCP. Datagrams are served in the strand that brings them, which holds the network's lock, so
 * there is one at a time; answers to the latest are kept, for calls that are sent again. Each connection has a strand. Thread-safe.
 */
final class Door {

    private static final int ANSWERS = 128;
    private static final int CONNECTIONS = 256;
    private static final long IDLE = 120_000_000_000L;

    private record Asked(IpAddress from, int port, int xid, int hash) {}

    private final Programs programs;
    private final Strands strands;
    private final UdpEndpoint datagrams;
    private final TcpListener listener;
    private final Set<TcpConnection> connections = ConcurrentHashMap.newKeySet();
    // of the strand that brings a datagram
    private final byte[] incoming = new byte[65536];
    private final XdrReader reader = new XdrReader(incoming, 0, 0);
    private final XdrWriter writer = new XdrWriter();
    private final Map<Asked, byte[]> answers = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Asked, byte[]> eldest) {
            return size() > ANSWERS;
        }
    };

    /** @param wanted 0 for any port that is free for both */
    Door(Network network, Strands strands, Programs programs, int wanted) throws IOException {
        this.programs = programs;
        this.strands = strands;
        UdpEndpoint udp = null;
        TcpListener tcp = null;
        for (int tries = 0; tcp == null; tries++) {
            udp = network.bind(wanted, "rpc", this::datagram);
            try {
                tcp = network.listen(IpAddress.ANY, udp.port(), 64);
            } catch (IOException e) {
                udp.close();
                if (wanted != 0 || tries == 16) {
                    throw e;
                }
            }
        }
        datagrams = udp;
        listener = tcp;
        strands.fork("rpc, port " + port(), this::accept);
    }

    int port() {
        return datagrams.port();
    }

    private boolean datagram(Packet packet, int port, long now) {
        int at = packet.transport();
        int count = Udp.length(packet, at) - Udp.LENGTH;
        packet.copyTo(at + Udp.LENGTH, incoming, 0, count);
        IpAddress from = packet.source();
        int fromPort = Udp.source(packet, at);
        if (count < 4) {
            return true;
        }
        int hash = Arrays.hashCode(Arrays.copyOf(incoming, count));
        Asked asked = new Asked(from, fromPort, packet.i32(at + Udp.LENGTH), hash);
        byte[] answer = answers.get(asked);
        if (answer == null) {
            if (!programs.serve(reader.wrap(incoming, 0, count), writer.clear(), from, fromPort, RpcTransport.UDP)) {
                return true;
            }
            answer = Arrays.copyOf(writer.bytes(), writer.length());
            answers.put(asked, answer);
        }
        try {
            datagrams.send(from, fromPort, answer, 0, answer.length);
        } catch (IOException e) {
            // the caller asks again, and if there is no way to him he will find out
        }
        return true;
    }

    private void accept() {
        while (true) {
            TcpConnection connection;
            try {
                connection = listener.accept();
            } catch (java.io.InterruptedIOException e) {
                continue;
            } catch (IOException e) {
                return; // closed
            }
            if (connections.size() >= CONNECTIONS) {
                connection.abort();
                continue;
            }
            connections.add(connection);
            strands.fork("rpc, from " + connection.remoteAddress(), () -> serve(connection));
        }
    }

    private void serve(TcpConnection connection) {
        try {
            connection.setNoDelay(true);
            connection.setReadTimeout(IDLE);
            Records records = new Records(connection);
            XdrWriter out = new XdrWriter();
            int length;
            while ((length = records.read()) >= 0) {
                XdrReader in = new XdrReader(records.bytes(), 0, length);
                Records.begin(out.clear());
                if (programs.serve(in, out, connection.remoteAddress(), connection.remotePort(), RpcTransport.TCP)) {
                    records.write(out);
                }
            }
            connection.close();
        } catch (IOException e) {
            connection.abort();
        } finally {
            connections.remove(connection);
        }
    }

    void close() {
        datagrams.close();
        listener.close();
        connections.forEach(TcpConnection::abort);
    }
}
