package kernel.core.machine;

import java.io.IOException;

/**
 * A stream that somebody outside lent to the machine. Each method does what the host's call of that name does to the
 * stream itself, so that whoever else has the stream sees it. Thread-safe; a strand that waits is interruptible.
 */
public interface Channel {

    /** What is at the other end. */
    Console.Kind kind();

    /** A path name of the host under which the status of what is at the other end can be asked for. */
    String path();

    /** Whether it was opened for reading. */
    boolean readable();

    /** Whether it was opened for writing. */
    boolean writable();

    /** Whether all writing is done at the end of the file. */
    boolean appending();

    /** Whether reading would not wait. */
    boolean inputReady() throws IOException;

    /** Whether writing would not wait. */
    boolean outputReady() throws IOException;

    /**
     * Waits for input and takes it.
     *
     * @return bytes taken, 0 at the end
     * @throws java.io.InterruptedIOException the calling strand was interrupted; nothing was taken
     * @throws IOException of the host; the message is the C library's text
     */
    int read(byte[] to, int offset, int length) throws IOException;

    /**
     * Writes, waiting until there is room.
     *
     * @return bytes written, 1 or more unless {@code length} is 0
     * @throws java.io.InterruptedIOException the calling strand was interrupted; nothing was written
     * @throws IOException of the host
     */
    int write(byte[] from, int offset, int length) throws IOException;

    /**
     * Reads at a place of a file; the position stays.
     *
     * @return bytes read, 0 at the end
     */
    int readAt(long position, byte[] to, int offset, int length) throws IOException;

    /**
     * Writes at a place of a file; the position stays.
     *
     * @return bytes written
     */
    int writeAt(long position, byte[] from, int offset, int length) throws IOException;

    /**
     * Moves the position of a file.
     *
     * @param whence 0: offset counts from the start, 1: from the position, 2: from the end
     * @return the new position
     */
    long seek(long offset, int whence) throws IOException;

    /** Sets the size of a file in bytes. */
    void truncate(long size) throws IOException;

    /** Waits until what was written to a file is on its device. */
    void force() throws IOException;

    /** Bytes that can be read at once from a {@link Console.Kind#TERMINAL}. */
    int available() throws IOException;

    /** The settings of a {@link Console.Kind#TERMINAL}. */
    TerminalSettings settings() throws IOException;

    /**
     * Changes the settings of a {@link Console.Kind#TERMINAL}.
     *
     * @param when 0: now; 1: when all output was sent; 2: then, and input that was not read is forgotten
     */
    void setSettings(TerminalSettings settings, int when) throws IOException;

    /** Width of a terminal in characters, 0 if unknown. */
    int columns();

    /** Height of a terminal in lines, 0 if unknown. */
    int rows();
}
