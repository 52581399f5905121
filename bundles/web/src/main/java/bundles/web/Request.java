package bundles.web;

import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * The head of a request (RFC 9112).
 *
 * @param path of the target, without query
 * @param keep whether another request may follow on the connection
 * @param body bytes that follow the head
 */
record Request(String method, String path, boolean keep, long body) {

    /** A request that cannot be served. */
    static final class Bad extends IOException {
        private static final long serialVersionUID = 1;
        private final int status;

        Bad(int status, String message) {
            super(message);
            this.status = status;
        }

        int status() {
            return status;
        }
    }

    /** Bytes of a connection, one at a time. */
    @FunctionalInterface
    interface Source {
        /** The next byte, or -1. */
        int next() throws IOException;
    }

    private static final int LONGEST = 8192;

    /** @return null at the end of the connection */
    static Request read(Source in) throws IOException {
        int[] left = {LONGEST};
        String first = line(in, left);
        if (first != null && first.isEmpty()) {
            first = line(in, left); // RFC 9112 section 2.2
        }
        if (first == null) {
            return null;
        }
        String[] words = first.split(" ");
        if (words.length != 3) {
            throw new Bad(400, "A request line has a method, a target and a version");
        }
        if (!words[2].equals("HTTP/1.1") && !words[2].equals("HTTP/1.0")) {
            throw new Bad(505, "HTTP/1.1 and HTTP/1.0 are spoken here, not " + words[2]);
        }
        Map<String, String> headers = headers(in, left);
        boolean newer = words[2].equals("HTTP/1.1");
        if (newer && !headers.containsKey("host")) {
            throw new Bad(400, "HTTP/1.1 wants a Host");
        }
        if (headers.containsKey("transfer-encoding")) {
            throw new Bad(501, "Bodies in chunks are not taken");
        }
        String connection = headers.getOrDefault("connection", newer ? "" : "close").toLowerCase(Locale.ROOT);
        return new Request(words[0], path(words[1]), !connection.contains("close"),
                length(headers.getOrDefault("content-length", "0")));
    }

    private static Map<String, String> headers(Source in, int[] left) throws IOException {
        Map<String, String> headers = new HashMap<>();
        while (true) {
            String line = line(in, left);
            if (line == null) {
                throw new EOFException("the connection ended in the head of a request");
            }
            if (line.isEmpty()) {
                return headers;
            }
            int colon = line.indexOf(':');
            if (colon <= 0 || line.charAt(0) == ' ' || line.charAt(colon - 1) == ' ') {
                throw new Bad(400, "A header line has a name, a colon and a value");
            }
            String name = line.substring(0, colon).toLowerCase(Locale.ROOT);
            String before = headers.put(name, line.substring(colon + 1).strip());
            if (before != null && name.equals("content-length")) {
                throw new Bad(400, "Two lengths");
            }
        }
    }

    private static long length(String text) throws Bad {
        if (!text.matches("[0-9]{1,18}")) {
            throw new Bad(400, "Content-Length is a number");
        }
        return Long.parseLong(text);
    }

    private static String path(String target) throws Bad {
        int query = target.indexOf('?');
        String path = query < 0 ? target : target.substring(0, query);
        int scheme = path.indexOf("://");
        if (scheme > 0) {
            int slash = path.indexOf('/', scheme + 3);
            path = slash < 0 ? "/" : path.substring(slash);
        }
        if (!path.startsWith("/") && !path.equals("*")) {
            throw new Bad(400, "A target begins with a slash");
        }
        return path;
    }

    private static String line(Source in, int[] left) throws IOException {
        StringBuilder line = new StringBuilder();
        while (true) {
            int c = in.next();
            if (c < 0) {
                if (line.isEmpty()) {
                    return null;
                }
                throw new EOFException("the connection ended in a line");
            }
            if (--left[0] < 0) {
                throw new Bad(431, "The head of a request is at most " + LONGEST + " bytes");
            }
            if (c == '\n') {
                int end = line.length();
                return end > 0 && line.charAt(end - 1) == '\r' ? line.substring(0, end - 1) : line.toString();
            }
            line.append((char) c);
        }
    }

    /** The bytes of a text as they go over a connection. */
    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
