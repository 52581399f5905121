package kernel.core.machine;

import java.io.IOException;
import java.io.InterruptedIOException;

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

    /** Width of the terminal in characters as it is now, 80 if unknown. */
    int columns();

    /** Height of the terminal in lines as it is now, 24 if unknown. */
    int rows();

    /**
     * Takes the terminal for somebody who does all that a terminal's line does by himself, or gives it back as it was. While it is
     * taken, what is typed comes at once and as it is, keys that mean something to the line included, nothing is echoed, output
     * goes out unchanged, and changes of the size are raised as {@link ConsoleSignal} {@code WINCH}. Who waits in {@link #receive}
     * while it is given back has taken nothing and gets an {@link InterruptedIOException}: what is typed from then on is somebody
     * else's; what was taken before has been announced by {@link ConsoleInput} when this returns. Does nothing where there is no
     * terminal, or where it is in that state already.
     *
     * @throws IOException the host refuses
     */
    default void setRaw(boolean raw) throws IOException {}

    /**
     * What whoever started the machine to run one program ({@link Boot.Mode#EXEC}) lends it: his standard streams as they are, so that
     * settings of his terminal can be changed and his job control is the program's. Who uses it has no need of the console's own channels.
     *
     * @return null where it was not started for that, or by somebody without a terminal; the same each time
     */
    default Session session() {
        return null;
    }
}
