package bundles.unix.provider.file;

import java.io.IOException;

/** What makes an open file a terminal (tty(4)). Used by the process's strand. */
public interface Terminal {

    /** Bytes of {@code struct termios} (asm/termbits.h). */
    int TERMIOS = 44;

    /** The settings, a {@code struct termios} of {@value #TERMIOS} bytes. */
    byte[] termios() throws IOException;

    /**
     * Changes the settings.
     *
     * @param settings a {@code struct termios}
     * @param when 0: now; 1: when all output was sent; 2: then, and unread input is forgotten
     */
    void setTermios(byte[] settings, int when) throws IOException;

    /** Bytes that can be read at once. */
    int available() throws IOException;

    /** Width in characters. */
    int columns();

    /** Height in lines. */
    int rows();

    /** Says how large it is; one whose window is somebody else's keeps its size. */
    default void resize(int newRows, int newColumns) {}

    /** Forgets input that was not read, and output that was not sent (tcflush(3)). */
    default void flush(boolean input, boolean output) {}

    /** Stops output, or lets it go on (tcflow(3)). */
    default void stopOutput(boolean stop) {}

    /** What job control knows of it; null: the terminal of who started the session. */
    default Object control() {
        return null;
    }

    /** The pseudo-terminal that it is a side of, or null. */
    default PseudoTerminal pseudo() {
        return null;
    }

    /** Whether it is the side of who sits before a pseudo-terminal, to which job control does not apply. */
    default boolean isMaster() {
        return false;
    }
}
