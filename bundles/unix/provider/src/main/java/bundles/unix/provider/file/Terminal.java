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
}
