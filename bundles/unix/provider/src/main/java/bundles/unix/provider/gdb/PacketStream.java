package bundles.unix.provider.gdb;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.charset.StandardCharsets;

/**
 * Packets {@code $data#checksum} over a connection, with or without acknowledgement. Text is a character a byte. One strand reads, any may
 * write: the monitor guards writing.
 */
final class PacketStream {

    /** What {@link #read} answers for the byte that GDB sends for Ctrl-C. */
    static final String INTERRUPT = "\003";

    private static final int ESCAPE = '}', FLIP = 0x20;

    private final ByteChannel channel;
    private final ByteBuffer in = ByteBuffer.allocate(4096).limit(0);
    private volatile boolean acknowledge = true;

    PacketStream(ByteChannel channel) {
        this.channel = channel;
    }

    /** No more acknowledgements from now on (QStartNoAckMode). */
    void stopAcknowledging() {
        acknowledge = false;
    }

    private int next() throws IOException {
        while (!in.hasRemaining()) {
            in.clear();
            int got = channel.read(in);
            in.flip();
            if (got < 0) {
                throw new EOFException();
            }
        }
        return in.get() & 0xFF;
    }

    /**
     * The next packet's data, or {@link #INTERRUPT}.
     *
     * @throws EOFException there are no more
     */
    String read() throws IOException {
        while (true) {
            int first = next();
            if (first == INTERRUPT.charAt(0)) {
                return INTERRUPT;
            }
            if (first != '$') {
                continue; // an acknowledgement: over a reliable connection there is nothing to send again
            }
            var data = new ByteArrayOutputStream();
            int sum = 0;
            for (int b = next(); b != '#'; b = next()) {
                sum += b;
                if (b == ESCAPE) {
                    b = next();
                    sum += b;
                    b ^= FLIP;
                }
                data.write(b);
            }
            int given = Character.digit(next(), 16) << 4 | Character.digit(next(), 16);
            if (acknowledge) {
                send(given == (sum & 0xFF) ? "+" : "-");
            }
            if (given == (sum & 0xFF)) {
                return data.toString(StandardCharsets.ISO_8859_1);
            }
        }
    }

    /** Sends a packet. */
    void write(String data) throws IOException {
        var escaped = new StringBuilder();
        for (char c : data.toCharArray()) {
            if (c == '$' || c == '#' || c == ESCAPE || c == '*') {
                escaped.append((char) ESCAPE).append((char) (c ^ FLIP));
            } else {
                escaped.append(c);
            }
        }
        int sum = escaped.chars().sum() & 0xFF;
        send("$" + escaped + "#%02x".formatted(sum));
    }

    private synchronized void send(String text) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // it is of no use any more
        }
    }
}
