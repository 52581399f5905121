package kernel.ext.vm.provider;

import kernel.core.memory.Frame;
import kernel.core.memory.TranslationContext;

/**
 * A place in a space at which a page is: mapped while the page is in memory. Guarded by the page's monitor, under which alone
 * the translation of this address is changed; the address changes with the space's lock held as well.
 */
final class Mapping {

    private static final int NONE = -1;

    /** What is here. */
    final Page page;
    /** The page's mappings before and after this: who leaves a page that thousands share looks for nobody. */
    Mapping before, next;
    /** Whether the page is to stay in memory for its sake. */
    boolean pinned;

    private final TranslationContext translation;
    private long address;
    /** What the space allowed last. */
    private int granted = NONE;
    /** What was allowed when the page left, if somebody else than the space had decided that; else {@link #NONE}. */
    private int kept = NONE;

    Mapping(Page page, TranslationContext translation, long address) {
        this.page = page;
        this.translation = translation;
        this.address = address;
    }

    boolean mapped() {
        return translation.examine(address) != TranslationContext.UNMAPPED;
    }

    /** Maps a frame here, or changes what may be done with it. */
    void map(Frame frame, int protection) {
        granted = protection;
        if (kept == NONE) {
            translation.map(address, frame, protection);
        } else {
            // An extension has protected the page: that it was away is nothing that the extension should notice.
            int before = kept;
            kept = NONE;
            boolean writable = (protection & TranslationContext.WRITE) != 0;
            translation.map(address, frame, writable ? before : before & ~TranslationContext.WRITE);
        }
    }

    /** The space has decided anew what may be done. */
    void protect(int protection) {
        grant(protection);
        translation.protect(address, protection);
    }

    /** The same, but the translation is changed by whoever calls. */
    void grant(int protection) {
        kept = NONE;
        granted = protection;
    }

    /** No more than this may be done, whoever has decided what may. */
    void restrict(int rights) {
        granted = granted == NONE ? NONE : granted & rights;
        kept = kept == NONE ? NONE : kept & rights;
        int now = translation.examine(address);
        if (now != TranslationContext.UNMAPPED && (now & ~rights) != 0) {
            translation.protect(address, now & rights);
        }
    }

    /** The page is to leave memory. */
    void leave() {
        int now = translation.examine(address);
        if (now != TranslationContext.UNMAPPED) {
            kept = now == granted ? NONE : now;
            translation.unmap(address);
        }
    }

    /** The page is not to be here any more. */
    void unmap() {
        translation.unmap(address);
    }

    /** The next use is to be noticed. */
    void refresh() {
        translation.refresh(address);
    }

    /** The page is elsewhere in the space from now on; not mapped. */
    void move(long to) {
        translation.unmap(address);
        address = to;
    }
}
