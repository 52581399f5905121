package kernel.ext.net.api;

import java.io.IOException;

/**
 * A connection. Thread-safe; a strand that waits is interruptible
 * ({@link java.io.InterruptedIOException}: nothing was taken or given).
 */
public interface TcpConnection extends AutoCloseable {

    /** Our address. */
    IpAddress localAddress();

    /** Our port. */
    int localPort();

    /** The other side's address. */
    IpAddress remoteAddress();

    /** The other side's port. */
    int remotePort();

    /**
     * Takes bytes, waiting until there are some.
     *
     * @return how many, 1 to {@code count}; -1 when the other side has sent everything
     * @throws IOException the connection failed; the message says how
     */
    int read(byte[] into, int offset, int count) throws IOException;

    /**
     * Sends bytes, waiting until all of them are taken over.
     *
     * @throws IOException the connection failed, or is shut
     */
    void write(byte[] from, int offset, int count) throws IOException;

    /** Whether small segments go at once instead of waiting for what is under way (Nagle). */
    void setNoDelay(boolean on);

    /** After how long without a word the other side is asked whether it is there, nanoseconds; 0: never. */
    void setKeepAlive(long idle);

    /** Longest wait of a {@link #read}, nanoseconds; 0: for ever. After it, an {@link IOException} that says so. */
    void setReadTimeout(long timeout);

    /** Tells the other side that no more comes; reading goes on. */
    void shutdownOutput();

    /** What was written is still sent; what still comes is refused. Does not wait. */
    @Override
    void close();

    /** Ends it at once, with a reset. */
    void abort();
}
