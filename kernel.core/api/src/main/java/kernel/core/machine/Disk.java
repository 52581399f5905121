package kernel.core.machine;

import java.io.IOException;
import kernel.core.memory.Frame;

/**
 * A disk. It transfers whole page frames, as a controller with direct memory access does; a block has the size of a page.
 * Registered with the property {@link #USE}. Thread-safe; a transfer is done when the call returns, and waiting for it is not
 * interruptible.
 */
public interface Disk {

    /** Service property: what the disk is for. */
    String USE = "kernel.disk";
    /** {@link #USE}: pages that have no frame; what is on it is lost when the machine is switched off. */
    String SWAP = "swap";

    /** How many blocks it has; may be 0. */
    long blocks();

    /**
     * Reads a block into a frame. One that was never written reads as zeros.
     *
     * @throws IOException the disk fails
     * @throws IndexOutOfBoundsException no such block
     */
    void read(long block, Frame frame) throws IOException;

    /**
     * Writes a frame to a block.
     *
     * @throws IOException the disk fails, or the host has no room for it
     * @throws IndexOutOfBoundsException no such block
     */
    void write(long block, Frame frame) throws IOException;
}
