package kernel.ext.net.provider;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import java.util.Map;
import java.util.Random;
import kernel.ext.net.api.IpAddress;
import org.junit.jupiter.api.Test;

/** An address from a server: got, kept, given up, refused (RFC 2131 section 4.4). */
class DhcpTest {

    private static final int LEASE = 1000;
    private static final IpAddress GIVEN = IpAddress.parse("10.0.0.50");

    private final Simulation s = new Simulation(3);
    private final Stack server = s.add(1500, 1 << 16);
    private final Stack host = s.add(1500, 1 << 16);
    private final Link link = host.links().get(1);
    private UdpLayer.Port port;

    private void serve(IpAddress given) {
        port = server.udp.bind(DhcpMessage.SERVER_PORT, "dhcp", new DhcpServer(server, 1, given, LEASE)::received);
    }

    private DhcpClient begin() {
        host.routes.remove(link);
        link.prefix = -1;
        link.address = 0;
        return host.dhcp.start(link);
    }

    @Test
    void anAddressARouteAndAResolverAreGot() {
        serve(GIVEN);
        DhcpClient client = begin();
        s.run(Simulation.SECOND);
        assertEquals(DhcpClient.State.BOUND, client.state);
        assertEquals(GIVEN, IpAddress.of(link.address));
        assertEquals(24, link.prefix);
        assertEquals(Simulation.address(0), host.routes.find(IpAddress.parse("192.0.2.1").v4()).gateway());
        assertEquals(List.of(Simulation.address(0)), host.dhcp.resolvers());
        assertEquals(0, host.buffersTaken() + server.buffersTaken());
    }

    @Test
    void aLeaseIsRenewedForAsLongAsTheServerIsThere() {
        serve(GIVEN);
        DhcpClient client = begin();
        for (int i = 0; i < 20; i++) {
            s.run(LEASE / 2 * Simulation.SECOND);
            assertEquals(GIVEN, IpAddress.of(link.address));
        }
        port.close(); // and nobody answers any more
        s.run(LEASE / 4 * Simulation.SECOND);
        assertEquals(GIVEN, IpAddress.of(link.address));
        s.run(LEASE * Simulation.SECOND);
        assertEquals(DhcpClient.State.SELECTING, client.state);
        assertEquals(-1, link.prefix);
        assertNull(host.routes.find(IpAddress.parse("192.0.2.1").v4()));
        assertEquals(List.of(), host.dhcp.resolvers());
        serve(GIVEN);
        s.run(70 * Simulation.SECOND);
        assertEquals(DhcpClient.State.BOUND, client.state);
        assertEquals(0, host.buffersTaken() + server.buffersTaken());
    }

    @Test
    void aLeaseIsKeptByTheStackThatFollows() {
        serve(GIVEN);
        begin();
        s.run(LEASE / 4 * Simulation.SECOND);
        port.close();
        s.replace(1);
        Stack after = s.stacks.get(1);
        Link own = after.links().get(1);
        assertEquals(GIVEN, IpAddress.of(own.address));
        assertEquals(Simulation.address(0), after.routes.find(IpAddress.parse("192.0.2.1").v4()).gateway());
        assertEquals(List.of(Simulation.address(0)), after.dhcp.resolvers());
        s.run(LEASE * Simulation.SECOND); // nobody renews it
        assertEquals(-1, own.prefix);
        assertEquals(List.of(), after.dhcp.resolvers());
    }

    @Test
    void whoIsRefusedWhatHeHadBeginsAnew() {
        serve(GIVEN);
        begin();
        s.run(Simulation.SECOND);
        port.close();
        IpAddress other = IpAddress.parse("10.0.0.51");
        serve(other); // does not know of the lease
        s.run((LEASE / 2 + 10) * Simulation.SECOND);
        assertEquals(other, IpAddress.of(link.address));
    }

    @Test
    void itIsGotOverABadWireAndWhenTheServerComesLate() {
        s.wire.loss = 0.3;
        DhcpClient client = begin();
        s.run(100 * Simulation.SECOND);
        assertEquals(DhcpClient.State.SELECTING, client.state);
        serve(GIVEN);
        s.run(1000 * Simulation.SECOND);
        assertEquals(GIVEN, IpAddress.of(link.address));
    }

    @Test
    void messagesAreReadAsTheyWereWrittenAndDamageIsSeen() {
        DhcpMessage message = new DhcpMessage(true, 0x12345678, true, 0x0A000001, 0x0A000032, 0x0800_2BFF_EE01L,
                Map.of(DhcpMessage.KIND, new byte[]{DhcpMessage.ACK}, DhcpMessage.LEASE, DhcpMessage.bytes(LEASE)));
        DhcpMessage read = DhcpMessage.read(message.bytes());
        assertNotNull(read);
        assertEquals(message.id(), read.id());
        assertEquals(message.hardware(), read.hardware());
        assertEquals(message.yours(), read.yours());
        assertEquals(DhcpMessage.ACK, read.kind());
        assertEquals(LEASE, read.number(DhcpMessage.LEASE, 0));
        Random r = new Random(1);
        for (int i = 0; i < 20000; i++) {
            byte[] bytes = message.bytes();
            for (int k = r.nextInt(8); k >= 0; k--) {
                bytes[r.nextInt(4) == 0 ? r.nextInt(bytes.length) : 236 + r.nextInt(30)] = (byte) r.nextInt();
            }
            DhcpMessage some = DhcpMessage.read(r.nextBoolean()
                    ? bytes
                    : java.util.Arrays.copyOf(bytes, r.nextInt(bytes.length)));
            if (some != null) {
                some.numbers(DhcpMessage.ROUTER); // whatever it is, it can be looked at
                some.kind();
            }
        }
    }
}
