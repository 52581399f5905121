package run.itest;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import run.itest.Command.Outcome;

/**
 * Programs of Debian's, unmodified, that {@code run/userland} builds: busybox runs scripts as the host's shell and tools do,
 * lua and minigzip do what they do under {@code qemu-alpha}. Skipped where the source packages cannot be had; says why.
 */
class UserlandIT {

    private static final Path HOME = Path.of(System.getProperty("spin.home"));

    private static String spin;
    private static Path tools;

    @TempDir
    private Path folder;

    @BeforeAll
    static void build() throws Exception {
        spin = Programs.spin();
        tools = Userland.build();
    }

    @TestFactory
    Stream<DynamicTest> scriptsDoWhatTheHostsShellDoes() throws IOException {
        try (var scripts = Files.list(HOME.resolve("run/programs/unix/scripts"))) {
            return scripts.sorted().toList().stream()
                    .map(script -> DynamicTest.dynamicTest(script.getFileName().toString(), () -> compare(script)));
        }
    }

    private static void compare(Path script) throws Exception {
        List<String> environment = List.of("PATH=/usr/bin:/bin", "LC_ALL=C");
        Outcome expected = inEmptyFolder(List.of("/bin/sh", script.toString()), environment);
        Outcome got = inEmptyFolder(List.of(spin, "exec", tools.resolve("busybox").toString(), "sh",
                script.toString()), Stream.concat(environment.stream(), Stream.of("TOOLS=" + tools)).toList());
        assertEquals(expected.output(), got.output(), got::error);
        assertEquals(expected.status(), got.status(), got::error);
    }

    private static Outcome inEmptyFolder(List<String> words, List<String> environment) throws Exception {
        Path folder = Files.createTempDirectory("userland");
        try {
            return Command.run(words, environment, new byte[0], folder);
        } finally {
            try (var files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    /** A script of busybox's shell on a machine with a network. */
    private Outcome onNetwork(String script, String... options) throws Exception {
        Path file = Files.writeString(folder.resolve("network.sh"), "PATH=" + tools + "\n" + script);
        List<String> words = new ArrayList<>(List.of(spin));
        words.addAll(List.of(options));
        words.addAll(List.of("exec", "--new", tools.resolve("busybox").toString(), "sh", file.toString()));
        return Command.run(words, List.of("PATH=/usr/bin:/bin"), new byte[0], folder);
    }

    @Test
    void programsTalkToEachOther() throws Exception {
        Outcome outcome = onNetwork("""
                mkdir www
                echo 'a page' > www/index.html
                httpd -f -p 127.0.0.1:8088 -h www & server=$!
                until wget -q -O page http://127.0.0.1:8088/; do sleep 1; done
                cat page
                wget -q -O - http://127.0.0.1:8088/none || echo none
                nc -l -p 9099 > heard & ear=$!
                until echo 'by nc' | nc 127.0.0.1 9099; do sleep 1; done
                wait $ear
                cat heard
                ifconfig lo | grep -c 'inet addr:127.0.0.1'
                netstat -tln 2> /dev/null | grep -c 127.0.0.1:8088
                ps | grep -c '[h]ttpd'
                kill $server
                """);
        assertEquals("a page\nnone\nby nc\n1\n1\n1\n", outcome.output(), outcome::error);
    }

    @Test
    void programsGetOutThroughTheGateway() throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            byte[] page = "from the host".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, page.length);
            exchange.getResponseBody().write(page);
            exchange.close();
        });
        server.start();
        try {
            Outcome outcome = onNetwork(
                    "wget -q -O - http://10.0.2.2:" + server.getAddress().getPort()
                            + "/ && echo; route -n | grep -c UG",
                    "--net", "gateway");
            assertEquals("from the host\n1\n", outcome.output(), outcome::error);
        } finally {
            server.stop(0);
        }
    }

    @Test
    void aProgramServesOnWhileTheNetworkAndTheGatewayAreUpdated() throws Exception {
        byte[] served = new byte[12 << 20];
        new Random(5).nextBytes(served);
        Files.write(Files.createDirectory(folder.resolve("www")).resolve("file"), served);
        String update = "update kernel.ext.net.provider";
        try (Machine machine = new Machine(
                List.of(spin, "--net", "gateway,address=dhcp", "--forward", "0:8080"))) {
            machine.run("ifconfig", "10.0.2.15/24");
            int port = Integer.parseInt(machine.said().replaceAll("(?s).*Port (\\d+) of this host.*", "$1"));
            machine.run("exec -b " + tools.resolve("busybox") + " httpd -f -p 8080 -h " + folder.resolve("www"), "1");
            while (!machine.said().contains(":8080 ")) {
                machine.run("netstat", "STATE");
            }
            try (Socket socket = new Socket("127.0.0.1", port)) {
                socket.getOutputStream().write("GET /file HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                InputStream in = socket.getInputStream();
                byte[] got = in.readNBytes(4 << 20);
                machine.run(update, "of this host leads to");
                byte[] then = in.readNBytes(4 << 20);
                machine.run(update, "of this host leads to");
                byte[] rest = in.readAllBytes();
                ByteBuffer all = ByteBuffer.allocate(got.length + then.length + rest.length).put(got).put(then)
                        .put(rest);
                byte[] body = Arrays.copyOfRange(all.array(), all.capacity() - served.length, all.capacity());
                assertArrayEquals(served, body);
            }
            assertEquals(port,
                    Integer.parseInt(machine.said().replaceAll("(?s).*Port (\\d+) of this host.*", "$1")));
            try (Socket again = new Socket("127.0.0.1", port)) {
                again.getOutputStream().write("GET /none HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                assertTrue(new String(again.getInputStream().readAllBytes()).startsWith("HTTP/1.1 404"));
            }
        }
    }

    private Outcome likeQemu(List<String> words, byte[] input) throws Exception {
        List<String> environment = List.of("PATH=/usr/bin:/bin");
        List<String> here = new ArrayList<>(List.of(spin, "exec"));
        here.addAll(words);
        List<String> there = new ArrayList<>(List.of("qemu-alpha"));
        there.addAll(words);
        Outcome expected = Command.run(there, environment, input, folder);
        Outcome got = Command.run(here, environment, input, folder);
        assertEquals(expected, got);
        return got;
    }

    @Test
    void luaComputes() throws Exception {
        Path script = Files.writeString(folder.resolve("script.lua"), """
                local words, count = {}, 0
                for word in io.read("a"):gmatch("%a+") do words[word] = (words[word] or 0) + 1; count = count + 1 end
                local keys = {}
                for word in pairs(words) do keys[#keys + 1] = word end
                table.sort(keys)
                for _, word in ipairs(keys) do print(word, words[word]) end
                print(count, 10 // 3, 2 ^ 0.5, string.format("%.10f %x", math.pi, 255), #arg)
                local ok, message = pcall(error, {code = 42})
                print(ok, message.code, select("#", table.unpack({1, 2, nil, 4}, 1, 4)))
                os.exit(3)
                """);
        Outcome outcome = likeQemu(List.of(tools.resolve("lua").toString(), script.toString(), "x"),
                "to be or not to be that is the question".getBytes(StandardCharsets.UTF_8));
        assertEquals(3, outcome.status());
    }

    @Test
    void minigzipPacksAndUnpacks() throws Exception {
        byte[] text = "what is packed is unpacked, byte for byte; ".repeat(5000).getBytes(StandardCharsets.UTF_8);
        String minigzip = tools.resolve("minigzip").toString();
        Outcome packed = likeQemu(List.of(minigzip), text);
        assertTrue(packed.output().length() < text.length / 20, "packed to " + packed.output().length());
        Outcome unpacked = likeQemu(List.of(minigzip, "-d"),
                packed.output().getBytes(StandardCharsets.ISO_8859_1));
        assertEquals(new String(text, StandardCharsets.UTF_8), unpacked.output());
    }
}
