package run.itest;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import kernel.core.machine.NetworkAdapter;
import kernel.ext.net.api.IpAddress;
import kernel.ext.net.api.Network;
import kernel.ext.net.api.TcpConnection;
import kernel.ext.net.api.TcpListener;
import kernel.ext.net.api.UdpEndpoint;
import kernel.ext.net.api.header.Udp;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Our stack and Linux's, each on one side of a TAP device: what the one says the other understands. */
@Timeout(180)
class LinuxIT {

    private static final long SECOND = 1_000_000_000L;

    @BeforeAll
    static void theHostCan() {
        Assumptions.assumeTrue(Files.exists(Path.of("/dev/net/tun")), "this host has no /dev/net/tun");
        Assumptions.assumeTrue(Files.isWritable(Path.of("/dev/net/tun")) && Files.isWritable(Path.of("/run")),
                "making a network namespace needs root");
        for (String program : List.of("ip", "ping", "nc", "curl", "sha256sum")) {
            Assumptions.assumeTrue(Stream.of(System.getenv("PATH").split(":"))
                    .anyMatch(folder -> Files.isExecutable(Path.of(folder, program))), program + " is not installed");
        }
    }

    private static LinuxPeer linux() throws Exception {
        return new LinuxPeer(adapter -> adapter);
    }

    /** A wire that loses, duplicates and reorders, in both directions. */
    private static final class BadWire implements NetworkAdapter {
        private final NetworkAdapter good;
        private final Direction out = new Direction(7);
        private final Direction in = new Direction(8);

        BadWire(NetworkAdapter good) {
            this.good = good;
        }

        /** Each direction by itself, used by one strand at a time: a lock over both would be taken in both orders. */
        private static final class Direction {
            private final Random random;
            private byte[] held;

            Direction(long seed) {
                random = new Random(seed);
            }

            void pass(byte[] frame, int offset, int length, Receiver to) {
                int chance = random.nextInt(1000);
                byte[] late = held;
                held = null;
                if (chance < 20) {
                    held = java.util.Arrays.copyOfRange(frame, offset, offset + length); // overtaken by the next
                } else if (chance >= 50) {
                    to.received(frame, offset, length); // 30 in 1,000 are lost
                }
                if (chance > 980) {
                    to.received(frame, offset, length);
                }
                if (late != null) {
                    to.received(late, 0, late.length);
                }
            }
        }

        @Override
        public void transmit(byte[] frame, int offset, int length) {
            out.pass(frame, offset, length, good::transmit);
        }

        @Override
        public void connect(Receiver receiver) {
            good.connect(receiver == null
                    ? null
                    : (frame, offset, length) -> in.pass(frame, offset, length, receiver));
        }

        @Override
        public String name() {
            return good.name();
        }

        @Override
        public long address() {
            return good.address();
        }

        @Override
        public int mtu() {
            return good.mtu();
        }

        @Override
        public boolean intact() {
            return false;
        }
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
            wellFormed(linux);
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
            wellFormed(linux);
        }
    }

    @Test
    void aPageIsFetchedAndAClosedPortRefuses() throws Exception {
        try (LinuxPeer linux = linux()) {
            serve(linux, 80, connection -> {
                byte[] page = "HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\nfrom SPIN\n".getBytes();
                connection.read(new byte[4096], 0, 4096);
                connection.write(page, 0, page.length);
            });
            assertEquals("from SPIN\n", linux.in("curl", "-s", "--max-time", "10", "http://10.77.0.2/"));
            Process refused = linux.start("curl", "-s", "--max-time", "10", "http://10.77.0.2:81/");
            assertEquals(7, refused.waitFor(), "curl's status for a connection that is refused");
            wellFormed(linux);
        }
    }

    @Test
    void muchArrivesByteForByteInBothDirections() throws Exception {
        try (LinuxPeer linux = linux()) {
            transfers(linux, 50 << 20);
        }
    }

    @Test
    void muchArrivesOverABadWireToo() throws Exception {
        try (LinuxPeer linux = new LinuxPeer(BadWire::new)) {
            transfers(linux, 4 << 20);
            assertTrue(linux.network.counters().get("tcp.retransmitted") > 0);
        }
    }

    /** Linux sends to us and we to Linux. */
    private static void transfers(LinuxPeer linux, int bytes) throws Exception {
        Path file = Files.createTempFile("spin-bytes", "");
        try {
            byte[] all = new byte[bytes];
            new Random(42).nextBytes(all);
            Files.write(file, all);
            byte[] sum = MessageDigest.getInstance("SHA-256").digest(all);
            byte[][] got = new byte[1][];
            Thread server = serve(linux, 9000, connection -> got[0] = digest(connection));
            linux.in("sh", "-c", "nc -N -w 60 10.77.0.2 9000 < " + file);
            server.join();
            assertArrayEquals(sum, got[0], "Linux to us");

            Process receiver = linux.start("sh", "-c", "nc -l -N -p 9001 | sha256sum || nc -l -N 9001 | sha256sum");
            TcpConnection connection = patiently(linux, 9001);
            for (int at = 0; at < bytes; at += 100_000) {
                connection.write(all, at, Math.min(100_000, bytes - at));
            }
            connection.shutdownOutput();
            assertEquals(-1, connection.read(new byte[1], 0, 1));
            connection.close();
            String said = new String(receiver.getInputStream().readAllBytes());
            assertTrue(said.contains(HexFormat.of().formatHex(sum)), "we to Linux: " + said);
            wellFormed(linux);
        } finally {
            Files.delete(file);
        }
    }

    private static TcpConnection patiently(LinuxPeer linux, int port) throws Exception {
        for (int i = 0;; i++) {
            try {
                return linux.network.connect(LinuxPeer.LINUX, port, 10 * SECOND);
            } catch (IOException e) {
                if (i == 50) {
                    throw e;
                }
                Thread.sleep(100); // the program is starting
            }
        }
    }

    @Test
    void manyConnectAtOnce() throws Exception {
        int count = 200;
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

    @FunctionalInterface
    private interface Service {
        void serve(TcpConnection connection) throws IOException;
    }

    /** Serves one connection. */
    private static Thread serve(LinuxPeer linux, int port, Service service) throws IOException {
        TcpListener listener = linux.network.listen(IpAddress.ANY, port, 8);
        Thread thread = new Thread(() -> {
            try {
                TcpConnection connection = listener.accept();
                service.serve(connection);
                connection.close();
                listener.close();
            } catch (IOException e) {
                e.printStackTrace(); // and what was wanted of it is missing
            }
        });
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private static byte[] digest(TcpConnection connection) throws IOException {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] some = new byte[100_000];
            int count;
            while ((count = connection.read(some, 0, some.length)) > 0) {
                digest.update(some, 0, count);
            }
            return digest.digest();
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    /** What we sent, as tshark sees it: every checksum right, nothing malformed. */
    private static void wellFormed(LinuxPeer linux) throws Exception {
        Assumptions.assumeTrue(Files.exists(Path.of("/usr/bin/tshark")), "tshark is not installed");
        String file = linux.capture().toString();
        // random bytes look like one protocol or another to tshark's guesses, which then report them as malformed
        String bad = LinuxPeer.run("tshark", "--disable-protocol", "thrift", "-r", file, "-o", "ip.check_checksum:TRUE",
                "-o",
                "tcp.check_checksum:TRUE", "-o", "udp.check_checksum:TRUE", "-Y",
                "ip.src==10.77.0.2 && (_ws.malformed || ip.checksum.status==0 || tcp.checksum.status==0"
                        + " || udp.checksum.status==0 || icmp.checksum.status==0)");
        String lines = bad.lines().filter(line -> !line.startsWith("Running as user")).limit(5)
                .reduce("", (a, b) -> a + "\n" + b);
        assertEquals("", lines);
    }
}
