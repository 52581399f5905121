package run.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import kernel.ext.net.api.Checksum;
import kernel.ext.net.api.IpAddress;
import kernel.ext.net.api.PacketBuffer;
import kernel.ext.net.api.TcpConnection;
import kernel.ext.net.api.TcpListener;
import kernel.ext.net.api.header.Ethernet;
import kernel.ext.net.api.header.Ipv4;
import kernel.ext.net.api.header.Tcp;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Our stack beside Linux's where it is hard: paths that swallow large packets, crowds, floods, and who looks for weaknesses. */
@Timeout(180)
class LinuxLoadIT {

    private static final long SECOND = 1_000_000_000L;

    @BeforeAll
    static void theHostCan() {
        LinuxTalk.theHostCan();
    }

    /** Packets of more than 1,300 bytes vanish, and nobody is told: both sides have to find out. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void transfersGetThroughBlackHoles(boolean six) throws Exception {
        try (LinuxPeer linux = new LinuxPeer(",hole=1300")) {
            linux.settled();
            linux.in("sysctl", "-q", "-w", "net.ipv4.tcp_mtu_probing=1", "net.ipv4.tcp_retries1=1");
            LinuxTalk.transfers(linux, six, 300_000);
        }
    }

    /** Echoes what comes, for as many as come. */
    private static TcpListener echo(LinuxPeer linux, int port, AtomicInteger open, AtomicInteger most)
            throws IOException {
        TcpListener listener = linux.network.listen(IpAddress.ANY, port, 256);
        linux.strands.fork("server", () -> {
            try {
                while (true) {
                    TcpConnection connection = listener.accept();
                    most.accumulateAndGet(open.incrementAndGet(), Math::max);
                    linux.strands.fork("one", () -> {
                        byte[] some = new byte[64];
                        try {
                            int count;
                            while ((count = connection.read(some, 0, some.length)) > 0) {
                                connection.write(some, 0, count);
                            }
                        } catch (IOException e) {
                            // the other side says so
                        }
                        connection.close();
                        open.decrementAndGet();
                    });
                }
            } catch (IOException e) {
                // closed
            }
        });
        return listener;
    }

    @Test
    void aThousandConnectionsAreHeldOpen() throws Exception {
        try (LinuxPeer linux = new LinuxPeer()) {
            AtomicInteger open = new AtomicInteger();
            AtomicInteger most = new AtomicInteger();
            try (TcpListener listener = echo(linux, 7, open, most)) {
                String java = Path.of(System.getProperty("java.home"), "bin/java").toString();
                String said = linux.in(java, "-XX:TieredStopAtLevel=1", "-cp",
                        Path.of(Crowd.class.getProtectionDomain().getCodeSource().getLocation().toURI()).toString(),
                        Crowd.class.getName(), "10.77.0.2", String.valueOf(listener.port()), "1000");
                assertEquals("held 1000", said.strip());
                assertEquals(1000, most.get());
            }
            LinuxTalk.wellFormed(linux);
        }
    }

    private static void page(LinuxPeer linux) throws Exception {
        assertEquals("page\n", linux.in("curl", "-s", "--max-time", "30", "http://10.77.0.2/"));
    }

    private static TcpListener pages(LinuxPeer linux) throws IOException {
        TcpListener listener = linux.network.listen(IpAddress.ANY, 80, 64);
        linux.strands.fork("pages", () -> {
            try {
                while (true) {
                    TcpConnection connection = listener.accept();
                    linux.strands.fork("one", () -> {
                        try {
                            byte[] page = "HTTP/1.0 200 OK\r\n\r\npage\n".getBytes();
                            connection.setReadTimeout(20 * SECOND);
                            connection.read(new byte[4096], 0, 4096);
                            connection.write(page, 0, page.length);
                        } catch (IOException e) {
                            // a scanner that says nothing
                        }
                        connection.close();
                    });
                }
            } catch (IOException e) {
                // closed
            }
        });
        return listener;
    }

    private static void has(String program) {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin", program)), program + " is not installed");
    }

    /** Someone who does not exist asks for a connection. */
    private static byte[] syn(Random random, int port) {
        PacketBuffer b = new PacketBuffer().wrap(new byte[54], 0, 54);
        int from = 0x0B00_0000 | random.nextInt(1 << 24);
        Ethernet.write(b, 0, 0x0800_2B00_0077L, 0x0200_0000_0099L, Ethernet.IPV4);
        b.prepend(-Ethernet.LENGTH);
        Ipv4.write(b, 0, 0, 40, random.nextInt(1 << 16), 0, 64 << 8 | Ipv4.TCP, from, LinuxPeer.OURS.v4());
        b.prepend(-Ipv4.LENGTH);
        Tcp.write(b, 0, (1024 + random.nextInt(60000)) << 16 | port, random.nextInt(), 0, Tcp.LENGTH, Tcp.SYN, 1024);
        long sum = Checksum.address(Checksum.address(0, 0, IpAddress.of(from).low()), 0, LinuxPeer.OURS.low());
        b.put16(16, Checksum.of(b.packet().sum(sum + Ipv4.TCP + Tcp.LENGTH, 0, Tcp.LENGTH)));
        return b.bytes();
    }

    @Test
    void clientsGetTheirPagesDuringASynFlood() throws Exception {
        try (LinuxPeer linux = new LinuxPeer(); TcpListener listener = pages(linux)) {
            linux.network.addRoute(IpAddress.ANY, 0, LinuxPeer.LINUX); // so that answers to those who do not exist go out
            AtomicBoolean over = new AtomicBoolean();
            Thread flood = new Thread(() -> {
                Random random = new Random(3);
                while (!over.get()) {
                    linux.adapter.inject(syn(random, listener.port()));
                    LockSupport.parkNanos(100_000);
                }
            });
            flood.start();
            while (linux.network.counters().get("tcp.cookiesSent") < 100) {
                Thread.sleep(10);
            }
            for (int i = 0; i < 20; i++) {
                page(linux);
            }
            over.set(true);
            flood.join();
            assertTrue(linux.network.counters().get("tcp.cookiesTaken") >= 20);
            LinuxTalk.wellFormed(linux);
        }
    }

    @Test
    void whoScansFindsWhatIsThereAndHarmsNothing() throws Exception {
        has("nmap");
        try (LinuxPeer linux = new LinuxPeer(); TcpListener listener = pages(linux)) {
            String said = linux.in("nmap", "-n", "-Pn", "-sS", "-O", "-T5", "--max-retries", "2", "-p", "1-1000",
                    "10.77.0.2");
            assertTrue(said.contains(listener.port() + "/tcp open"), said);
            assertTrue(said.contains("999 closed tcp ports"), said);
            for (String scan : new String[]{"-sF", "-sX", "-sA", "-sU", "-sO"}) {
                linux.in("nmap", "-n", "-Pn", scan, "-T5", "--max-retries", "0", "--host-timeout", "1s", "-p", "1-50",
                        "10.77.0.2");
            }
            page(linux);
            assertEquals(0, linux.network.counters().get("handlers.failed"));
            LinuxTalk.wellFormed(linux, true); // what a scanner sends belongs to nothing, and so do our answers
        }
    }
}
