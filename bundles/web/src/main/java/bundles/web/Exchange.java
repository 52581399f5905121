package bundles.web;

import java.io.IOException;
import kernel.ext.net.api.TcpConnection;

/** One connection of a browser, request by request until one side has enough. Belongs to its strand. */
final class Exchange {

    private static final long IDLE = 30_000_000_000L;
    /** Requests on one connection. */
    private static final int MOST = 1000;

    /**
     * What is answered.
     *
     * @param type of the content
     */
    record Answer(int status, String type, byte[] body) {
        static Answer text(int status, String text) {
            return new Answer(status, "text/plain; charset=utf-8", Request.bytes(text + "\n"));
        }
    }

    /** Who answers. */
    @FunctionalInterface
    interface Pages {
        /** What there is at a path. */
        Answer page(String path);
    }

    private final TcpConnection connection;
    private final Pages pages;
    private final byte[] bytes = new byte[4096];
    private int at;
    private int end;

    Exchange(TcpConnection connection, Pages pages) {
        this.connection = connection;
        this.pages = pages;
    }

    private int next() throws IOException {
        if (at == end) {
            at = 0;
            end = Math.max(0, connection.read(bytes, 0, bytes.length));
            if (end == 0) {
                return -1;
            }
        }
        return bytes[at++] & 0xFF;
    }

    void run() {
        connection.setReadTimeout(IDLE);
        connection.setNoDelay(true);
        try (connection) {
            for (int i = 0; i < MOST; i++) {
                Request request;
                try {
                    request = Request.read(this::next);
                } catch (Request.Bad e) {
                    send(Answer.text(e.status(), e.getMessage()), true, false);
                    return;
                }
                if (request == null || !answer(request, i == MOST - 1)) {
                    return;
                }
            }
        } catch (IOException e) {
            connection.abort(); // the browser is gone
        }
    }

    private boolean answer(Request request, boolean last) throws IOException {
        boolean head = request.method().equals("HEAD");
        boolean keep = request.keep() && request.body() == 0 && !last;
        Answer answer = head || request.method().equals("GET")
                ? pages.page(request.path())
                : Answer.text(405, "Only GET and HEAD are served");
        send(answer, !head, keep);
        return keep;
    }

    private void send(Answer answer, boolean withBody, boolean keep) throws IOException {
        String head = "HTTP/1.1 " + answer.status + " " + reason(answer.status) + "\r\nContent-Type: " + answer.type
                + "\r\nContent-Length: " + answer.body.length + "\r\nCache-Control: no-store\r\n"
                + "X-Content-Type-Options: nosniff\r\n" + (answer.status == 405 ? "Allow: GET, HEAD\r\n" : "")
                + (keep ? "" : "Connection: close\r\n") + "\r\n";
        byte[] start = Request.bytes(head);
        byte[] all = java.util.Arrays.copyOf(start, start.length + (withBody ? answer.body.length : 0));
        System.arraycopy(answer.body, 0, all, start.length, all.length - start.length);
        connection.write(all, 0, all.length);
    }

    private static String reason(int status) {
        return switch (status) {
            case 200 -> "OK";
            case 400 -> "Bad Request";
            case 404 -> "Not Found";
            case 405 -> "Method Not Allowed";
            case 431 -> "Request Header Fields Too Large";
            case 501 -> "Not Implemented";
            case 505 -> "HTTP Version Not Supported";
            default -> "Internal Server Error";
        };
    }
}
