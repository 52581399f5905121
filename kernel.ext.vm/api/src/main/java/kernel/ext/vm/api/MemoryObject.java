package kernel.ext.vm.api;

import java.io.IOException;
import java.util.Set;

/**
 * Memory that several regions, of one or several spaces, show: what is written through one is seen through all. Its pages are
 * filled by a {@link Pager} when they are touched first, wherever that is. Thread-safe.
 */
public interface MemoryObject extends AutoCloseable {

    /** Offsets in bytes of the pages that were touched, in order. */
    Set<Long> touched();

    /**
     * Copies a page out, if it was changed since its pager filled it. Who maps it may write to it meanwhile.
     *
     * @param offset of the page, in bytes
     * @param to gets the page's bytes
     * @return whether it was; {@code false}: it was not touched, or is as the pager filled it
     * @throws IOException the page cannot be had
     */
    boolean read(long offset, byte[] to) throws IOException;

    /** Lets go of the pages; frames are freed when no region shows them any more. Idempotent. */
    @Override
    void close();
}
