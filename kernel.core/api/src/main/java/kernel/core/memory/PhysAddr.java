package kernel.core.memory;

/**
 * Physical memory, in page frames (SOSP'95 figure 3). When fewer than {@link #low} frames are free, who allocates for an owner
 * first takes frames from owners, until {@link #high} are: {@link PageReplacement} chooses one, {@link Reclaim} lets others offer
 * theirs instead, and the owner of the one that is taken is asked to give it back. Thread-safe.
 */
public interface PhysAddr {

    /**
     * What was done about lack of memory since the machine started.
     *
     * @param rounds how often frames were looked for
     * @param taken frames that owners gave back
     * @param refused frames that owners did not give back
     * @param offered frames that were taken in place of the one chosen
     * @param misled answers of policies that were no frame which may be taken
     * @param longest time that one round took, nanoseconds
     */
    record Reclaimed(long rounds, long taken, long refused, long offered, long misled, long longest) {}

    /** Bytes in a page frame; a power of two. */
    int pageSize();

    /** Frames that the machine has. */
    int total();

    /** Frames that are free now. */
    int free();

    /** Below this number of free frames some are taken from owners. */
    default int low() {
        return 0;
    }

    /** How many frames are to be free after that. */
    default int high() {
        return 0;
    }

    /** What was done about lack of memory. */
    default Reclaimed reclaimed() {
        return new Reclaimed(0, 0, 0, 0, 0, 0);
    }

    /**
     * Allocates a frame, filled with zero bytes, that is never taken away.
     *
     * @return the frame, or null when none is free
     */
    Frame allocate();

    /**
     * Allocates a frame, filled with zero bytes, that its owner may be asked for. The caller must hold no lock that an owner
     * takes to give a frame back, and may have to wait until one was saved.
     *
     * @return the frame, or null when none is free and no owner gives one back
     */
    default Frame allocate(FrameOwner owner) {
        return allocate();
    }

    /**
     * Keeps a frame that was allocated for an owner from being taken away, or ends that. One that is being taken at this moment is
     * still asked for; its owner refuses. Nothing happens if it is so already.
     */
    default void pin(Frame frame, boolean pinned) {}

    /**
     * Gives a frame back. It must not be mapped any more.
     *
     * @throws IllegalStateException it was freed before
     */
    void free(Frame frame);
}
