package kernel.ext.vm.api;

import java.util.List;
import kernel.core.memory.TranslationContext;

/**
 * The regions of virtual memory that a program has. Pages get frames when they are touched: a fault in a region asks the
 * region's {@link Pager}, in the faulting strand. Protections are the bits of {@link TranslationContext}. Addresses and
 * lengths are in bytes; both are widened to whole pages. Thread-safe.
 */
public interface AddressSpace {

    /** Its name, for people. */
    String name();

    /** What the processor uses. */
    TranslationContext translation();

    /**
     * Adds a region at an address; what was there before is removed.
     *
     * @param protection what user code may do
     * @param pager what fills its pages
     * @param label for people: a file's name, {@code [stack]}, {@code [heap]} ...
     * @throws IllegalArgumentException empty, or not within the addresses that user code has
     */
    void map(long address, long length, int protection, Pager pager, String label);

    /**
     * Adds a region that shows a memory object; what was there before is removed.
     *
     * @param protection what user code may do
     * @param object of the same machine
     * @param offset in the object of the region's first byte, a multiple of the page size
     * @param label for people
     * @throws IllegalArgumentException as above; the object is of another kind
     */
    void map(long address, long length, int protection, MemoryObject object, long offset, String label);

    /**
     * Makes a space with the same regions and contents. Pages are shared until one of the two writes to them (copy on write);
     * those of memory objects are shared for ever. Whoever asks for it destroys it.
     *
     * @param name for people
     */
    AddressSpace copy(String name);

    /**
     * Moves what lies at an address elsewhere, contents and all; what was there is removed. The two ranges must not overlap.
     *
     * @throws IllegalArgumentException they do, or are empty or not within the addresses that user code has
     */
    void move(long address, long length, long to);

    /**
     * Finds room for a region.
     *
     * @param hint where one would like it, or 0; taken when it is free
     * @return the address, or -1 when no gap is large enough
     */
    long findGap(long hint, long length);

    /** Removes whatever regions, or parts of regions, lie there; their frames are freed. */
    void unmap(long address, long length);

    /**
     * Forgets what was written there: private pages are again as their pager gives them, at the next touch, and their memory is
     * free; those of memory objects are as they are, and only mapped no longer. Regions stay.
     */
    void discard(long address, long length);

    /**
     * Changes the protection of what lies there.
     *
     * @return {@code false}, and nothing is changed, when part of it belongs to no region
     */
    boolean protect(long address, long length, int protection);

    /**
     * Keeps the pages that are there in memory, and those that come later, or ends that; nothing is brought in for it. Copies of
     * the space do not inherit it. How much may be kept so is for the caller to say.
     *
     * @return {@code false}, and nothing is changed, when part of it belongs to no region
     */
    boolean pin(long address, long length, boolean pinned);

    /** Whether every page there belongs to a region. */
    boolean covers(long address, long length);

    /** All regions, by address. */
    List<Region> regions();

    /** Whether the page at an address has never been made, and will be full of zero bytes when it is touched. */
    boolean blank(long address);

    /** Pages that are in memory, those included that others have as well. */
    int resident();

    /** Of these, pages that others have as well. */
    int shared();

    /** Pages whose contents are in a {@link PageStore} and not in memory. */
    int swapped();

    /** Faults resolved so far. */
    long faults();

    /** Frees everything; nothing may run in the space any more. Idempotent. */
    void destroy();

    /**
     * A region.
     *
     * @param start first address
     * @param end first address after it
     * @param protection bits of {@link TranslationContext}
     * @param label for people
     * @param shared whether it shows a {@link MemoryObject}
     * @param pinned whether its pages stay in memory
     */
    record Region(long start, long end, int protection, String label, boolean shared, boolean pinned) {}
}
