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

    /**
     * Puts contents into a page, whoever has it mapped, and says what may be done with it at most from now on, whatever regions allow.
     * Nobody sees a part of them, unless he may use the page already.
     *
     * @param offset of the page, in bytes
     * @param contents the page's bytes
     * @param rights bits of {@link kernel.core.memory.TranslationContext}
     * @throws IOException there is no memory for it
     */
    void supply(long offset, byte[] contents, int rights) throws IOException;

    /**
     * Says what may be done with a page at most from now on, whatever regions allow. When this returns no processor does more, and what was
     * done is seen by {@link #read}. Nothing happens if nobody has touched the page. Who lacks a right asks the pager, if that is a
     * {@link RightsPager}, and is told else that the address is bad.
     *
     * @param offset of the page, in bytes
     * @param rights bits of {@link kernel.core.memory.TranslationContext}; 0: none
     */
    void setRights(long offset, int rights);

    /**
     * Forgets the contents of a page and frees its memory: it is as if nobody had touched it, but where it was mapped it still belongs. Of a
     * {@link RightsPager}'s no right is left.
     *
     * @param offset of the page, in bytes
     */
    void discard(long offset);

    /** Lets go of the pages; frames are freed when no region shows them any more. Idempotent. */
    @Override
    void close();
}
