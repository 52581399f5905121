package run.itest;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import kernel.ext.net.api.IpAddress;
import kernel.ext.net.api.TcpConnection;
import kernel.ext.net.api.TcpListener;
import org.junit.jupiter.api.Assumptions;

/** What our stack and Linux's do with each other in more than one test. */
final class LinuxTalk {

    private static final long SECOND = 1_000_000_000L;
    /** Bytes of a long transfer; {@code -Dspin.net.megabytes=1000} makes it a gigabyte. */
    static final int MUCH = Integer.getInteger("spin.net.megabytes", 50) << 20;

    private LinuxTalk() {}

    /** Skips if the host has not what it takes. */
    static void theHostCan() {
        Assumptions.assumeTrue(Files.exists(Path.of("/dev/net/tun")), "this host has no /dev/net/tun");
        Assumptions.assumeTrue(Files.isWritable(Path.of("/dev/net/tun")) && Files.isWritable(Path.of("/run")),
                "making a network namespace needs root");
        for (String program : List.of("ip", "ping", "nc", "curl", "sha256sum")) {
            Assumptions.assumeTrue(Stream.of(System.getenv("PATH").split(":"))
                    .anyMatch(folder -> Files.isExecutable(Path.of(folder, program))), program + " is not installed");
        }
    }

    /** Linux sends to us and we to Linux; tshark judges. */
    static void transfers(LinuxPeer linux, boolean six, int bytes) throws Exception {
        transfer(linux, six, bytes);
        wellFormed(linux, linux.bad);
    }

    /** Linux sends to us and we to Linux. */
    static void transfer(LinuxPeer linux, boolean six, int bytes) throws Exception {
        Path file = Files.createTempFile("spin-bytes", "");
        try {
            byte[] all = new byte[bytes];
            new Random(42).nextBytes(all);
            Files.write(file, all);
            byte[] sum = MessageDigest.getInstance("SHA-256").digest(all);
            byte[][] got = new byte[1][];
            Thread server = serve(linux, 9000, connection -> got[0] = digest(connection));
            linux.in("sh", "-c", "nc -N -w 60 " + (six ? "fd77::2" : "10.77.0.2") + " 9000 < " + file);
            server.join();
            assertArrayEquals(sum, got[0], "Linux to us");

            Process receiver = linux.start("sh", "-c", "nc -l -N " + (six ? "-6" : "-4") + " -p 9001 | sha256sum");
            TcpConnection connection = patiently(linux, six, 9001);
            for (int at = 0; at < bytes; at += 100_000) {
                connection.write(all, at, Math.min(100_000, bytes - at));
            }
            connection.shutdownOutput();
            assertEquals(-1, connection.read(new byte[1], 0, 1));
            connection.close();
            String said = new String(receiver.getInputStream().readAllBytes());
            assertTrue(said.contains(HexFormat.of().formatHex(sum)), "we to Linux: " + said);
        } finally {
            Files.delete(file);
        }
    }

    static TcpConnection patiently(LinuxPeer linux, boolean six, int port) throws Exception {
        for (int i = 0;; i++) {
            try {
                return linux.network.connect(six ? LinuxPeer.LINUX6 : LinuxPeer.LINUX, port, 10 * SECOND);
            } catch (IOException e) {
                if (i == 50) {
                    throw e;
                }
                Thread.sleep(100); // the program is starting
            }
        }
    }

    @FunctionalInterface
    interface Service {
        void serve(TcpConnection connection) throws IOException;
    }

    /** Serves one connection. */
    static Thread serve(LinuxPeer linux, int port, Service service) throws IOException {
        TcpListener listener = linux.network.listen(IpAddress.ANY6, port, 8);
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

    static byte[] digest(TcpConnection connection) throws IOException {
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

    /** What tshark warns of without anything being wrong with what we sent: that things end, are full, came twice (RFC 2883). */
    private static final Pattern NO_FAULT = Pattern.compile("Connection reset \\(RST\\)"
            + "|D-SACK Sequence|TCP Zero Window segment|TCP window specified by the receiver is now completely full");
    /** What it says besides where the wire loses and reorders: it sees that segments are sent again. */
    private static final Pattern LOSSES = Pattern.compile(
            "This frame is a \\(suspected\\) (out-of-order segment|fast retransmission|spurious retransmission|retransmission)"
                    + "|Previous segment\\(s\\) not captured \\(common at capture start\\)"
                    + "|ACKed segment that wasn't captured \\(common at capture start\\)");

    /** What we sent, as tshark sees it: every checksum right, nothing malformed, no warning. */
    static void wellFormed(LinuxPeer linux) throws Exception {
        wellFormed(linux, false);
    }

    /**
     * What we sent, as tshark sees it.
     *
     * @param bad whether the wire was, so that segments are sent again
     */
    static void wellFormed(LinuxPeer linux, boolean bad) throws Exception {
        Assumptions.assumeTrue(Files.exists(Path.of("/usr/bin/tshark")), "tshark is not installed");
        // random bytes look like one protocol or another to tshark's guesses, which then report them as malformed
        String said = LinuxPeer.run("tshark", "--disable-protocol", "thrift", "-d", "tcp.port==9000,data", "-d",
                "tcp.port==9001,data", "-r", linux.capture().toString(), "-o", "ip.check_checksum:TRUE", "-o",
                "tcp.check_checksum:TRUE", "-o", "udp.check_checksum:TRUE", "-Y",
                "eth.src==08:00:2b:00:00:77 && (_ws.expert.severity >= 6291456 || _ws.malformed || ip.checksum.status==0"
                        + " || tcp.checksum.status==0 || udp.checksum.status==0 || icmp.checksum.status==0"
                        + " || icmpv6.checksum.status==0)",
                "-T", "fields", "-E", "aggregator=;", "-e", "frame.number", "-e", "_ws.expert.severity", "-e",
                "_ws.expert.message");
        List<String> warnings = said.lines().filter(line -> line.matches("[0-9]+\t.*"))
                .filter(line -> warns(line.split("\t", -1), bad)).limit(5).toList();
        assertEquals(List.of(), warnings);
    }

    private static boolean warns(String[] fields, boolean bad) {
        String[] severities = fields[1].split(";");
        String[] messages = fields[2].split(";");
        for (int i = 0; i < severities.length; i++) {
            if (severities[i].isEmpty()) {
                return true;
            }
            String message = i < messages.length ? messages[i] : "";
            if (Integer.parseInt(severities[i]) >= 0x60_0000 && !NO_FAULT.matcher(message).lookingAt()
                    && !(bad && LOSSES.matcher(message).lookingAt())) {
                return true;
            }
        }
        return false;
    }
}
