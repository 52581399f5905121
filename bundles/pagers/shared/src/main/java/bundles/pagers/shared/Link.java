package bundles.pagers.shared;

import java.io.IOException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import kernel.core.strand.Strands;
import kernel.ext.net.api.TcpConnection;

/**
 * A connection to another kernel, for one segment. What is sent waits in a queue, so that who sends does not; one strand writes it, and says
 * that it is there when there is nothing to be said; another one reads. Thread-safe.
 */
final class Link {

    private static final int MOST = 4096;
    private static final long SECOND = 1_000_000_000;

    /** Who hears what the other side says. */
    interface Receiver {

        /** A message, in the reading strand. @throws IOException it makes no sense: the link ends */
        void received(Message message) throws IOException;

        /** No more comes; once. */
        void ended(String reason);
    }

    private final TcpConnection connection;
    private final BlockingQueue<Message> queue = new LinkedBlockingQueue<>(MOST);
    private volatile boolean closing;

    Link(TcpConnection connection) {
        this.connection = connection;
    }

    /**
     * Begins.
     *
     * @param silence after how many seconds without a word the other side is taken to be gone
     */
    void begin(Strands strands, int silence, Receiver receiver) {
        connection.setNoDelay(true);
        connection.setReadTimeout(silence * SECOND);
        String name = "shared memory, %s " + connection.remoteAddress();
        strands.fork(name.formatted("from"), () -> read(receiver));
        strands.fork(name.formatted("to"), this::write);
    }

    private void read(Receiver receiver) {
        String reason;
        try {
            while (true) {
                Message message = Message.read(connection);
                if (message.kind() != Message.Kind.ALIVE) {
                    receiver.received(message);
                }
            }
        } catch (IOException | RuntimeException e) {
            reason = "%s: %s".formatted(connection.remoteAddress(), e.getMessage());
        }
        abort();
        receiver.ended(reason);
    }

    private void write() {
        try {
            while (!closing || !queue.isEmpty()) {
                Message message = queue.poll(1, TimeUnit.SECONDS);
                (message == null ? Message.of(Message.Kind.ALIVE) : message).write(connection);
            }
            connection.shutdownOutput();
        } catch (IOException | InterruptedException e) {
            connection.abort(); // the reader tells
        }
    }

    /** Sends a message in its turn. */
    void send(Message message) {
        if (!queue.offer(message)) {
            abort(); // the other side asks for much and takes nothing
        }
    }

    /**
     * Sends what is left, and nothing more. The reader ends when the other side has done the same: if we closed before, what still comes would
     * be answered by a reset, which takes from the other side what it has not read yet.
     */
    void close() {
        closing = true;
        queue.offer(Message.of(Message.Kind.ALIVE)); // so that the writer looks
    }

    private void abort() {
        connection.abort();
        close();
    }
}
