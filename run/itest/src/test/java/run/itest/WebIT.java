package run.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code run/spin --web}: the page from inside the kernel, at a port of the host. */
@Timeout(120)
@SuppressWarnings("try") // closing the client is not what is tested
class WebIT {

    private static Process spin;
    private static int port;

    @BeforeAll
    static void boot() throws Exception {
        spin = new ProcessBuilder(Programs.spin(), "--web").directory(Path.of(System.getProperty("spin.home")).toFile())
                .redirectErrorStream(true).start();
        BufferedReader out = spin.inputReader();
        StringBuilder said = new StringBuilder();
        Matcher found = null;
        String line;
        while (found == null && (line = out.readLine()) != null) {
            said.append(line).append('\n');
            Matcher matcher = Pattern.compile("http://127\\.0\\.0\\.1:([0-9]+)/").matcher(line);
            found = matcher.find() ? matcher : null;
        }
        assertTrue(found != null, said::toString);
        port = Integer.parseInt(found.group(1));
        Thread drain = new Thread(() -> out.lines().forEach(_ -> {}));
        drain.setDaemon(true);
        drain.start();
    }

    @AfterAll
    static void end() throws Exception {
        spin.outputWriter().close(); // the end of its input ends the shell, and with it the machine
        spin.waitFor();
    }

    private static HttpResponse<String> get(HttpClient client, String path) throws Exception {
        IOException last = null;
        for (int i = 0; i < 50; i++) { // the web server may start after the gateway
            try {
                return client.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build(),
                        HttpResponse.BodyHandlers.ofString());
            } catch (IOException e) {
                last = e;
                Thread.sleep(100);
            }
        }
        throw last;
    }

    @Test
    void pagesAndStatusAreServed() throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> page = get(client, "/");
            assertEquals(200, page.statusCode());
            assertTrue(page.body().contains("<title>SPIN/OSGi</title>"), page::body);
            for (String part : List.of("/style.css", "/page.js", "/index.html")) {
                assertEquals(200, get(client, part).statusCode());
            }
            HttpResponse<String> status = get(client, "/status");
            assertEquals("application/json", status.headers().firstValue("content-type").orElse(""));
            for (String what : List.of("\"machine\":\"DEC Alpha", "kernel.ext.net.api.tcp.TcpProtocol.segment",
                    "\"address\":\"10.0.2.15/24\"",
                    "\"fd53:5049:4e00:2::15/64", "\"local\":\"*:80\"", "bundles.web", "\"free\":")) {
                assertTrue(status.body().contains(what), what);
            }
            assertEquals(404, get(client, "/../etc/passwd").statusCode());
            assertEquals(404, get(client, "/nothing").statusCode());
        }
    }

    private static String raw(String request) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            OutputStream out = socket.getOutputStream();
            out.write(request.getBytes(StandardCharsets.US_ASCII));
            out.flush();
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void whatIsNoRequestIsToldSo() throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            get(client, "/"); // it is up
        }
        assertTrue(raw("hello\r\n\r\n").startsWith("HTTP/1.1 400 "));
        assertTrue(raw("GET / HTTP/3.0\r\n\r\n").startsWith("HTTP/1.1 505 "));
        assertTrue(raw("GET / HTTP/1.1\r\n\r\n").startsWith("HTTP/1.1 400 "));
        assertTrue(raw("POST / HTTP/1.1\r\nHost: x\r\n\r\n").startsWith("HTTP/1.1 405 "));
        assertTrue(raw("GET / HTTP/1.1\r\nHost: " + "x".repeat(9000) + "\r\n\r\n").startsWith("HTTP/1.1 431 "));
        assertTrue(raw("HEAD / HTTP/1.0\r\n\r\n").endsWith("\r\n\r\n"));
        String two = raw("GET /style.css HTTP/1.1\r\nHost: x\r\n\r\nGET /none HTTP/1.1\r\nHost: x\r\n\r\n");
        assertTrue(two.startsWith("HTTP/1.1 200 ") && two.contains("HTTP/1.1 404 "), two);
    }
}
