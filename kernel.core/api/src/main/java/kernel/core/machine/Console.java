package kernel.core.machine;

import java.io.IOException;

/**
 * The machine's console line: what the operator sees and types, with errors apart. On a hosted machine it is the host's
 * three standard streams. Thread-safe.
 */
public interface Console {

    /** The line's three channels, numbered as UNIX numbers its standard streams. */
    int INPUT = 0, OUTPUT = 1, ERROR = 2;

    /** What is at the other end of a channel. */
    enum Kind {
        /** A terminal. */
        TERMINAL,
        /** A pipe or socket. */
        PIPE,
        /** A regular file: it has a position and a size. */
        FILE,
        /** Another character device, such as the null device. */
        DEVICE
    }

    /** What is at the other end of a channel. */
    Kind kind(int channel);

    /**
     * Asks for input and waits for it. What comes is announced by {@link ConsoleInput}, in the calling strand, before
     * this returns; nothing is read ahead of what is asked for.
     *
     * @param limit bytes wanted at most, 1 or more
     * @return bytes that came, 0 at the end of the input
     * @throws InterruptedIOException the calling strand was interrupted while waiting; nothing was taken
     * @throws IOException the line failed
     */
    int receive(int limit) throws IOException;

    /**
     * Writes to {@link #OUTPUT} or {@link #ERROR} and returns when the line has taken it all.
     *
     * @throws IOException the line failed; a broken pipe's message is {@code "Broken pipe"}
     */
    void send(int channel, byte[] bytes, int offset, int length) throws IOException;

    /**
     * Position of a {@link Kind#FILE} channel.
     *
     * @throws IOException it is none
     */
    long position(int channel) throws IOException;

    /**
     * Sets the position of a {@link Kind#FILE} channel.
     *
     * @throws IOException it is none
     */
    void setPosition(int channel, long position) throws IOException;

    /**
     * Size in bytes of what a {@link Kind#FILE} channel is connected to.
     *
     * @throws IOException it is none
     */
    long size(int channel) throws IOException;

    /** Width of the terminal in characters, 80 if unknown. */
    int columns();

    /** Height of the terminal in lines, 24 if unknown. */
    int rows();
}
