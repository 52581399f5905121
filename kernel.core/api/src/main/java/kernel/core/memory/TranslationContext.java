package kernel.core.memory;

/**
 * Capability for one mapping of virtual to physical pages. Addresses may be any within the page meant. Changes are seen by
 * user code that runs in the context, on any processor, before the call returns or, for code running at that moment, before
 * its next memory access. Thread-safe.
 */
public interface TranslationContext {

    /** Bits of a protection: what user code may do with a page. */
    int READ = 1, WRITE = 2, EXECUTE = 4;

    /** Answer of {@link #examine} for a page that is not mapped. */
    int UNMAPPED = -1;

    /**
     * Maps a page; replaces what was mapped there.
     *
     * @param protection any of {@link #READ}, {@link #WRITE}, {@link #EXECUTE}, or 0
     * @return the frame that was mapped there before, or null
     * @throws IllegalArgumentException beyond {@link Translation#limit()}, or a bad protection
     * @throws IllegalStateException the context or the frame is gone
     */
    Frame map(long address, Frame frame, int protection);

    /**
     * Removes a mapping.
     *
     * @return the frame that was mapped there, or null
     */
    Frame unmap(long address);

    /** Changes what may be done with a mapped page; nothing happens when it is not mapped. */
    void protect(long address, int protection);

    /**
     * Changes what may be done with those pages of a range that are mapped, in one step for all: nobody is waited for more than
     * once.
     *
     * @param address of the first byte
     * @param length bytes; none: nothing happens
     */
    void protect(long address, long length, int protection);

    /** The protection of a page, or {@link #UNMAPPED}. */
    int examine(long address);

    /**
     * Lets the next use of a page, by whatever processor, set its frame's {@linkplain Frame#marks marks} again. Uses that are
     * under way may still go unnoticed. Nothing happens when the page is not mapped.
     */
    default void refresh(long address) {}

    /** The frame mapped at a page, or null. */
    Frame frame(long address);

    /** Forgets all mappings; the frames are the caller's to free. Afterwards nothing can be mapped. */
    void destroy();
}
