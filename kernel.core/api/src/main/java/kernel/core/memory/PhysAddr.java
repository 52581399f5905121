package kernel.core.memory;

/** Physical memory, in page frames (SOSP'95 figure 3). Thread-safe. */
public interface PhysAddr {

    /** Bytes in a page frame; a power of two. */
    int pageSize();

    /** Frames that the machine has. */
    int total();

    /** Frames that are free now. */
    int free();

    /**
     * Allocates a frame, filled with zero bytes.
     *
     * @return the frame, or null when none is free
     */
    Frame allocate();

    /**
     * Gives a frame back. It must not be mapped any more.
     *
     * @throws IllegalStateException it was freed before
     */
    void free(Frame frame);
}
