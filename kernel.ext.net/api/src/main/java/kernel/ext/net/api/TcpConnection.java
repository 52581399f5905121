package kernel.ext.net.api;

import java.io.IOException;

/**
 * A connection. Thread-safe; a strand that waits is interruptible
 * ({@link java.io.InterruptedIOException}: nothing was taken or given).
 */
public interface TcpConnection extends AutoCloseable {

    /**
     * In {@link #readiness}: bytes can be read; written; no more come; no more can be sent; it is not established yet; something is
     * {@link #urgent}.
     */
    int READABLE = 1, WRITABLE = 2, INPUT_ENDED = 4, OUTPUT_ENDED = 8, CONNECTING = 16, URGENT = 32;

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

    /**
     * Sends bytes as {@link #write}, and tells the other side that all up to the last of them is urgent (RFC 9293 section 3.8.5): nothing is
     * sent earlier for that. For protocols that are older than RFC 6093, which advises new ones against it.
     *
     * @param count 1 or more
     * @throws IOException the connection failed, or is shut
     */
    void writeUrgent(byte[] from, int offset, int count) throws IOException;

    /**
     * How many bytes from the next one to be read on the other side calls urgent, whether they have come or not; 0 if nothing is, any more. They
     * are read in line, as all others. Who watches is told when it changes.
     */
    int urgent();

    /**
     * Waits until it is established; if it is not it has ended.
     *
     * @param timeout nanoseconds
     * @throws IOException it was refused, or nobody answers in time
     * @throws java.io.InterruptedIOException the calling strand was interrupted
     */
    void established(long timeout) throws IOException;

    /** What it is ready for: {@link #READABLE} and the like. */
    int readiness();

    /** Why it failed; null if it did not. */
    NetworkException failure();

    /**
     * Takes bytes that have come, without waiting.
     *
     * @param keep whether they can be taken again
     * @return how many, 0 if there are none yet, -1 when the other side has sent everything
     * @throws IOException the connection failed
     */
    int tryRead(byte[] into, int offset, int count, boolean keep) throws IOException;

    /**
     * Sends what there is room for, without waiting.
     *
     * @return how many bytes, 0 if there is no room
     * @throws IOException the connection failed, or is shut
     */
    int tryWrite(byte[] from, int offset, int count) throws IOException;

    /** Bytes that can be read at once. */
    int available();

    /** Bytes that were written and that the other side has not acknowledged. */
    int unsent();

    /** Something runs whenever {@link #readiness} may have changed, in the stack's strand; it must not wait. Null: nothing. */
    void watch(Runnable watcher);

    /** Nothing more is to be read: reading answers -1 when what has come is taken. */
    void shutdownInput();

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
