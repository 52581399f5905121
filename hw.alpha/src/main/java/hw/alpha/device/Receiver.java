package hw.alpha.device;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.Arrays;

/**
 * Reads a stream whose read cannot be interrupted, so that waiting for it can. A thread of its own reads, but only when
 * somebody asked; what comes after the asker was interrupted is kept for the next one. Thread-safe.
 */
final class Receiver {

    private static final byte[] END = new byte[0];

    private final InputStream in;
    private Thread reader;
    /** Bytes asked for and not come yet; 0 if nobody asked. */
    private int demand;
    /** What came: null if nothing, {@link #END} at the end of the stream. */
    private byte[] came;
    private IOException failure;
    private boolean closed;

    Receiver(InputStream in) {
        this.in = in;
    }

    /**
     * Waits for input.
     *
     * @param limit bytes wanted at most, 1 or more
     * @return what came; empty at the end of the stream, which on a terminal may go on after it
     * @throws InterruptedIOException the calling thread was interrupted; nothing was taken
     * @throws IOException reading failed, or {@link #close} was called
     */
    synchronized byte[] receive(int limit) throws IOException {
        while (came == null && failure == null) {
            if (closed) {
                throw new IOException("the console was closed");
            }
            if (demand == 0) {
                demand = limit;
                start();
                notifyAll();
            }
            try {
                wait();
            } catch (InterruptedException e) {
                throw new InterruptedIOException("interrupted while waiting for input");
            }
        }
        if (failure != null) {
            IOException thrown = failure;
            failure = null;
            throw thrown;
        }
        byte[] result = came;
        // Somebody who was interrupted may have asked for more than this caller wants.
        came = result.length > limit ? Arrays.copyOfRange(result, limit, result.length) : null;
        return result.length > limit ? Arrays.copyOf(result, limit) : result;
    }

    private void start() {
        if (reader == null) {
            reader = Thread.ofPlatform().daemon().name("console input").start(this::serve);
        }
    }

    private void serve() {
        byte[] buffer = new byte[8192];
        for (int wanted = await(); wanted > 0; wanted = await()) {
            byte[] bytes = null;
            IOException thrown = null;
            try {
                int count = in.read(buffer, 0, Math.min(wanted, buffer.length));
                bytes = count <= 0 ? END : Arrays.copyOf(buffer, count);
            } catch (IOException e) {
                thrown = e;
            }
            deliver(bytes, thrown);
        }
    }

    private synchronized int await() {
        while (demand == 0 && !closed) {
            try {
                wait();
            } catch (InterruptedException e) {
                return 0;
            }
        }
        return closed ? 0 : demand;
    }

    private synchronized void deliver(byte[] bytes, IOException thrown) {
        came = bytes;
        failure = thrown;
        demand = 0;
        notifyAll();
    }

    /** Ends waiting; a read that is under way ends when the host's stream gives something. */
    synchronized void close() {
        closed = true;
        notifyAll();
    }
}
