package kernel.ext.net.rpc.provider;

import java.io.IOException;
import kernel.core.machine.Clock;
import kernel.ext.net.api.IpAddress;
import kernel.ext.net.api.Network;
import kernel.ext.net.api.Packet;
import kernel.ext.net.api.UdpEndpoint;
import kernel.ext.net.api.header.Udp;
import kernel.ext.net.rpc.api.XdrWriter;

/** Calls by UDP. Thread-safe. */
final class DatagramCaller extends Caller {

    private static final long AGAIN = 500_000_000L;

    private final IpAddress address;
    private final int port;
    private final UdpEndpoint endpoint;

    DatagramCaller(Network network, Clock clock, IpAddress address, int port, int program, int version)
            throws IOException {
        super(clock, program, version);
        this.address = address;
        this.port = port;
        endpoint = network.bind(0, "rpc, to " + address, this::received);
        endpoint.onTrouble(this::failed);
    }

    private boolean received(Packet packet, int own, long now) {
        int at = packet.transport();
        int count = Udp.length(packet, at) - Udp.LENGTH;
        if (count >= 4 && Udp.source(packet, at) == port && packet.source().equals(address)) {
            byte[] answer = new byte[count];
            packet.copyTo(at + Udp.LENGTH, answer, 0, count);
            answered(packet.i32(at + Udp.LENGTH), answer);
        }
        return true;
    }

    @Override
    void send(XdrWriter message) throws IOException {
        endpoint.send(address, port, message.bytes(), 0, message.length());
    }

    @Override
    int room() {
        return 0;
    }

    @Override
    long again() {
        return AGAIN;
    }

    @Override
    public void close() {
        endpoint.close();
        failed(new IOException("The client is closed"));
    }
}
