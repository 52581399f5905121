package kernel.ext.net.provider;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import kernel.ext.net.api.IpAddress;
import kernel.ext.net.api.Packet;
import kernel.ext.net.api.TcpConnection;
import kernel.ext.net.api.TcpListener;
import kernel.ext.net.api.UdpEndpoint;
import kernel.ext.net.api.header.Udp;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Names are asked for on the wire, from a resolver of the test's own on the loopback interface. */
@Timeout(60)
class NamesTest {

    private final AtomicLong skipped = new AtomicLong();
    private final PlainNetwork network = LoneNetwork.with(() -> System.nanoTime() + skipped.get());
    private final AtomicInteger asked = new AtomicInteger();
    private final java.util.Set<Integer> ports = ConcurrentHashMap.newKeySet();

    @AfterEach
    void stop() {
        network.close();
    }

    /** Answers: of IPv4 one address; what is too long is cut; nothing of IPv6. */
    private byte[] answer(byte[] question, boolean byUdp) {
        boolean four = question[question.length - 3] == DnsMessage.A;
        boolean huge = new String(question).contains("huge");
        boolean absent = new String(question).contains("absent");
        byte[] all = Arrays.copyOf(question, question.length + (four && !absent && !(huge && byUdp) ? 16 : 0));
        all[2] = (byte) (huge && byUdp ? 0x83 : 0x81);
        all[3] = (byte) (absent ? 0x83 : 0x80);
        if (all.length > question.length) {
            all[7] = 1;
            byte[] record = {(byte) 0xC0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, (byte) 192, 0, 2, (byte) (huge ? 2 : 1)};
            System.arraycopy(record, 0, all, question.length, 16);
        }
        return all;
    }

    private UdpEndpoint serve() throws IOException {
        UdpEndpoint[] endpoint = new UdpEndpoint[1];
        endpoint[0] = network.bind(53, "resolver", (packet, _, _) -> {
            asked.incrementAndGet();
            ports.add(Udp.source(packet, packet.transport()));
            byte[] answer = answer(payload(packet), true);
            try {
                endpoint[0].send(packet.source(), Udp.source(packet, packet.transport()), answer, 0, answer.length);
            } catch (IOException e) {
                return false;
            }
            return true;
        });
        network.resolvers(List.of(IpAddress.LOOPBACK));
        return endpoint[0];
    }

    private static byte[] payload(Packet packet) {
        int at = packet.transport();
        byte[] bytes = new byte[Udp.length(packet, at) - Udp.LENGTH];
        packet.copyTo(at + Udp.LENGTH, bytes, 0, bytes.length);
        return bytes;
    }

    @Test
    void namesAreAskedForOnceUntilTheirTimeIsOver() throws Exception {
        serve();
        assertEquals(List.of(IpAddress.parse("192.0.2.1")), network.addresses("www.example.org"));
        assertEquals(List.of(IpAddress.parse("192.0.2.1")), network.addresses("WWW.example.org"));
        assertEquals(2, asked.get()); // one question for each family
        skipped.addAndGet(61_000_000_000L);
        network.addresses("www.example.org");
        assertEquals(4, asked.get());
        for (int i = 0; i < 20; i++) {
            network.addresses("h" + i + ".example.org");
        }
        assertTrue(ports.size() > 10, "ports are by chance: " + ports);
    }

    @Test
    void whatIsNotThereIsRemembered() throws Exception {
        serve();
        assertThrows(IOException.class, () -> network.addresses("absent.example.org"));
        assertThrows(IOException.class, () -> network.addresses("absent.example.org"));
        assertEquals(2, asked.get());
    }

    @Test
    void whatDoesNotFitIsAskedForByTcp() throws Exception {
        serve();
        TcpListener door = network.listen(IpAddress.ANY, 53, 8);
        Thread.ofVirtual().start(() -> {
            try {
                while (true) {
                    TcpConnection one = door.accept();
                    byte[] bytes = new byte[600];
                    int have = 0;
                    while (have < 2 || have < 2 + bytes[1]) {
                        have += one.read(bytes, have, bytes.length - have);
                    }
                    byte[] answer = answer(Arrays.copyOfRange(bytes, 2, have), false);
                    one.write(new byte[]{0, (byte) answer.length}, 0, 2);
                    one.write(answer, 0, answer.length);
                    one.close();
                }
            } catch (IOException e) {
                // the test is over
            }
        });
        assertEquals(List.of(IpAddress.parse("192.0.2.2")), network.addresses("huge.example.org"));
    }

    @Test
    void whereNobodyAnswersIsSaidSo() {
        assertTrue(assertThrows(IOException.class, () -> network.addresses("www.example.org")).getMessage()
                .contains("Nobody is known"));
        network.resolvers(List.of(IpAddress.LOOPBACK));
        assertTrue(assertThrows(IOException.class, () -> network.addresses("www.example.org")).getMessage()
                .contains("Nobody answers"));
        assertThrows(IOException.class, () -> network.addresses("a b"));
    }

    @Test
    void addressesAndThisMachineNeedNobody() throws Exception {
        assertEquals(List.of(IpAddress.parse("192.0.2.9")), network.addresses("192.0.2.9"));
        assertEquals(List.of(IpAddress.parse("fd00::9")), network.addresses("fd00::9"));
        assertEquals(List.of(IpAddress.LOOPBACK, IpAddress.LOOPBACK6), network.addresses("localhost"));
        assertThrows(IOException.class, () -> network.addresses("300.1.1.1"));
    }
}
