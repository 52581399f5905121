package run.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import kernel.ext.net.api.IpAddress;
import kernel.ext.net.api.Network;
import kernel.ext.net.api.TcpConnection;
import kernel.ext.net.api.TcpListener;
import kernel.ext.net.api.UdpEndpoint;
import kernel.ext.net.api.header.Udp;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Our stack and Linux's, each on one side of a TAP device: what the one says the other understands. */
@Timeout(180)
class LinuxIT {

    private static final long SECOND = 1_000_000_000L;

    @BeforeAll
    static void theHostCan() {
        LinuxTalk.theHostCan();
    }

    private static LinuxPeer linux() throws Exception {
        return new LinuxPeer();
    }

    @Test
    void pingsGoBothWaysAlsoInFragments() throws Exception {
        try (LinuxPeer linux = linux()) {
            assertTrue(linux.in("ping", "-c", "3", "-i", "0.2", "10.77.0.2").contains("3 received"));
            assertTrue(linux.in("ping", "-c", "3", "-i", "0.2", "-s", "20000", "10.77.0.2").contains("3 received"));
            for (int bytes : new int[]{0, 56, 1472, 1473, 30000}) {
                Network.Answer answer = linux.network.ping(LinuxPeer.LINUX, 64, bytes, 5 * SECOND);
                assertNotNull(answer, "size " + bytes);
                assertEquals("reply", answer.what());
            }
            LinuxTalk.wellFormed(linux);
        }
    }

    /** Routes that are recorded, and timestamps. */
    @Test
    void whatIsRecordedComesBack() throws Exception {
        try (LinuxPeer linux = linux()) {
            String route = linux.in("ping", "-c", "1", "-W", "30", "-R", "10.77.0.2");
            assertTrue(route.contains("RR:") && route.contains("1 received"), route);
            assertTrue(route.replaceAll("(?s).*RR:", "").contains("10.77.0.2"), route);
            String times = linux.in("ping", "-c", "1", "-W", "30", "-T", "tsandaddr", "10.77.0.2");
            assertTrue(times.contains("TS:") && times.contains("1 received"), times);
            assertTrue(times.replaceAll("(?s).*TS:", "").contains("10.77.0.2"), times);
            LinuxTalk.wellFormed(linux);
        }
    }

    @Test
    void datagramsGoBothWaysAndAbsenceIsTold() throws Exception {
        try (LinuxPeer linux = linux()) {
            UdpEndpoint[] echo = new UdpEndpoint[1];
            echo[0] = linux.network.bind(7, "echo", (packet, port, now) -> {
                int at = packet.transport();
                byte[] bytes = new byte[Udp.length(packet, at) - Udp.LENGTH];
                packet.copyTo(at + Udp.LENGTH, bytes, 0, bytes.length);
                try {
                    echo[0].send(packet.source(), Udp.source(packet, at), bytes, 0, bytes.length);
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
                return true;
            });
            assertEquals("over there",
                    linux.in("sh", "-c", "printf 'over there' | nc -u -w 1 10.77.0.2 7"));
            // nobody is at port 9: ICMP says so, and nc learns of it
            Process refused = linux.start("sh", "-c", "nc -u -z -v -w 1 10.77.0.2 9");
            refused.getInputStream().readAllBytes();
            assertTrue(refused.waitFor() != 0);
            LinuxTalk.wellFormed(linux);
        }
    }

    @Test
    void aPageIsFetchedAndAClosedPortRefuses() throws Exception {
        try (LinuxPeer linux = linux()) {
            LinuxTalk.serve(linux, 80, connection -> {
                byte[] page = "HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\nfrom SPIN\n".getBytes();
                connection.read(new byte[4096], 0, 4096);
                connection.write(page, 0, page.length);
            });
            assertEquals("from SPIN\n", linux.in("curl", "-s", "--max-time", "10", "http://10.77.0.2/"));
            Process refused = linux.start("curl", "-s", "--max-time", "10", "http://10.77.0.2:81/");
            assertEquals(7, refused.waitFor(), "curl's status for a connection that is refused");
            LinuxTalk.wellFormed(linux);
        }
    }

    @Test
    @Timeout(3600) // as long as it takes: with -Dspin.net.megabytes it is a gigabyte each way, on a host that may be busy
    void muchArrivesByteForByteInBothDirections() throws Exception {
        try (LinuxPeer linux = linux()) {
            LinuxTalk.transfers(linux, false, LinuxTalk.MUCH);
        }
    }

    @Test
    void muchArrivesOverABadWireToo() throws Exception {
        try (LinuxPeer linux = new LinuxPeer(",loss=3%,dup=2%,reorder=2%,seed=7")) {
            LinuxTalk.transfers(linux, false, 4 << 20);
            assertTrue(linux.network.counters().get("tcp.retransmitted") > 0);
        }
    }

    /** Faults of our own wire; those of {@code tc netem}: {@link NetemIT}. */
    @ParameterizedTest
    @ValueSource(
            strings = {"loss=1%", "loss=10%", "delay=20ms,jitter=5ms", "reorder=10%,delay=2ms", "dup=10%", "corrupt=2%",
                    "rate=20M", "loss=2%,delay=5ms,reorder=5%,dup=2%,corrupt=1%"})
    void itArrivesOverWiresOfAllKinds(String faults) throws Exception {
        try (LinuxPeer linux = new LinuxPeer("," + faults + ",seed=5")) {
            LinuxTalk.transfers(linux, false, 1 << 20);
        }
    }

    @Test
    void manyConnectAtOnce() throws Exception {
        int count = 1000;
        try (LinuxPeer linux = linux()) {
            AtomicInteger served = new AtomicInteger();
            TcpListener listener = linux.network.listen(IpAddress.ANY, 80, 256);
            linux.strands.fork("server", () -> {
                try {
                    while (true) {
                        TcpConnection connection = listener.accept();
                        byte[] page = "HTTP/1.0 200 OK\r\n\r\nok\n".getBytes();
                        linux.strands.fork("one", () -> {
                            try {
                                connection.read(new byte[4096], 0, 4096);
                                connection.write(page, 0, page.length);
                                connection.close();
                                served.incrementAndGet();
                            } catch (IOException e) {
                                // curl says so
                            }
                        });
                    }
                } catch (IOException e) {
                    // closed
                }
            });
            String said = linux.in("curl", "-s", "--max-time", "60", "-Z", "--parallel-max", "100",
                    "http://10.77.0.2/[1-" + count + "]");
            assertEquals(count, said.lines().filter(line -> line.endsWith("ok")).count()); // curl adds lines of its own
            assertEquals(count, served.get());
            listener.close();
        }
    }

    /** Which byte is the urgent one is the same for both. */
    @Test
    void urgentBytesAreTheSameForBoth() throws Exception {
        try (LinuxPeer linux = linux()) {
            StringBuilder got = new StringBuilder();
            List<Integer> urgent = new ArrayList<>();
            Thread server = LinuxTalk.serve(linux, 80, connection -> {
                byte[] one = new byte[1];
                connection.setReadTimeout(60 * SECOND);
                while (connection.urgent() == 0) { // told by a segment of its own or not: as Linux likes
                    Thread.onSpinWait();
                }
                while (connection.read(one, 0, 1) > 0) {
                    got.append((char) one[0]);
                    urgent.add(connection.urgent());
                }
                connection.writeUrgent("abcX".getBytes(), 0, 4);
                connection.write("def".getBytes(), 0, 3);
            });
            String java = Path.of(System.getProperty("java.home"), "bin/java").toString();
            String said = linux.in(java, "-XX:TieredStopAtLevel=1", "-cp",
                    Path.of(Urger.class.getProtectionDomain().getCodeSource().getLocation().toURI()).toString(),
                    Urger.class.getName(), "10.77.0.2", "80");
            assertEquals("abcdef", said.strip()); // Linux keeps the urgent one apart
            server.join();
            assertEquals("before!after", got.toString());
            assertEquals(List.of(6, 5, 4, 3, 2, 1, 0, 0, 0, 0, 0, 0), urgent);
            LinuxTalk.wellFormed(linux);
        }
    }
}
