package bundles.web;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What a fuzzer calls that is guided by coverage ({@code run/fuzz --jazzer Http}), and what it begins with. */
final class FuzzTargets {

    private FuzzTargets() {}

    /** Heads of requests, one after the other as on a connection. */
    static final class Http {
        private Http() {}

        /** Called by the fuzzer: whatever comes is understood, refused with a status, or ends. */
        public static void fuzzerTestOneInput(byte[] input) {
            ByteArrayInputStream in = new ByteArrayInputStream(input);
            try {
                Request one = Request.read(in::read);
                while (one != null) {
                    boolean sane = (one.path().startsWith("/") || one.path().equals("*")) && one.body() >= 0
                            && one.path().indexOf('?') < 0;
                    if (!sane) {
                        throw new IllegalStateException("taken: " + one);
                    }
                    in.skip(one.body());
                    one = one.keep() ? Request.read(in::read) : null;
                }
            } catch (Request.Bad e) {
                if (e.status() < 400 || e.status() > 599 || e.getMessage() == null) {
                    throw new IllegalStateException("refused with " + e.status(), e);
                }
            } catch (EOFException e) {
                return; // it ended within a head
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** Requests, good and bad. */
    static List<byte[]> seeds() {
        return Stream.of("GET / HTTP/1.1\r\nHost: a\r\n\r\n", "GET /status?x=1 HTTP/1.0\n\n",
                "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabcHEAD * HTTP/1.1\r\nHost:b\r\nConnection: close\r\n\r\n",
                "GET http://a/b HTTP/1.1\r\nHost: a\r\n\r\n\r\nGET http://a HTTP/1.1\r\nHOST: a\r\n\r\n",
                "GET / HTTP/2.0\r\n\r\n", "GET /\r\n\r\n", "GET x HTTP/1.0\r\n\r\n",
                "GET / HTTP/1.1\r\nHost : a\r\n\r\n", "GET / HTTP/1.1\r\n folded\r\n\r\n",
                "PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
                "PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 999999999999999999\r\n\r\n",
                "GET /" + "x".repeat(9000) + " HTTP/1.1\r\n\r\n")
                .map(text -> text.getBytes(StandardCharsets.ISO_8859_1)).toList();
    }

    /** @param args target, and the folder in which its seeds are put */
    public static void main(String[] args) throws IOException {
        List<byte[]> all = seeds();
        for (int i = 0; i < all.size(); i++) {
            Files.write(Path.of(args[1], "seed" + i), all.get(i));
        }
    }
}
