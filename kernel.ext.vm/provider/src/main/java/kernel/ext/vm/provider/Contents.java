package kernel.ext.vm.provider;

import static kernel.core.memory.TranslationContext.EXECUTE;
import static kernel.core.memory.TranslationContext.READ;
import static kernel.core.memory.TranslationContext.WRITE;

import java.io.IOException;
import kernel.core.memory.Frame;
import kernel.core.memory.LentFrame;
import kernel.ext.vm.api.Pager;
import kernel.ext.vm.api.RightsPager;
import kernel.ext.vm.provider.Stores.Place;

/**
 * Where a page's contents are when it has no frame: with its pager, that gives the first ones, or in a store. The page's monitor
 * guards it; {@link #fill} runs without, while the page is arriving and nobody changes it.
 */
final class Contents {

    private final Paging paging;
    private final Pager pager;
    private final long offset;

    /** Whether they are others than those which the pager gives. */
    private boolean own;
    private boolean lost;
    /** Where they are stored; if there is a frame as well they are as long as it is not marked as changed. */
    private Place place;

    /** @param offset tells the pager which page it is */
    Contents(Paging paging, Pager pager, long offset) {
        this.paging = paging;
        this.pager = pager;
        this.offset = offset;
    }

    /** What may be done with them before their pager says more. */
    int rights() {
        return pager instanceof RightsPager ? 0 : READ | WRITE | EXECUTE;
    }

    /** They are what the pager gives. */
    void forget(Page page) {
        forgetPlace(page);
        own = false;
        lost = false;
    }

    /** They are in a frame now, and others than the pager gives. */
    void replaced() {
        own = true;
    }

    /** Whether they are others than those which the pager gives. */
    boolean own() {
        return own;
    }

    /** Whether a frame has something that nobody else has. */
    boolean onlyIn(Frame frame) {
        return own && place == null || changed(frame);
    }

    static boolean changed(Frame frame) {
        return (frame.marks() & Frame.CHANGED) != 0;
    }

    /** The frame was taken from everybody: what is stored is old if it was changed. */
    void left(Page page, Frame frame) {
        if (changed(frame)) {
            own = true;
            forgetPlace(page);
        }
    }

    /** A store has them. */
    void storedAt(Place stored) {
        place = stored;
    }

    boolean stored() {
        return place != null;
    }

    boolean storedIn(Stores.Store store) {
        return place != null && place.store() == store;
    }

    /** They are not needed in the store any more. */
    void forgetPlace(Page page) {
        if (place != null) {
            place.free(page);
            place = null;
        }
    }

    /** They have arrived in a frame. */
    void arrived(Page page) {
        if (place != null && !place.keepsLoaded()) {
            forgetPlace(page);
        }
    }

    /** The store that had them has lost them. */
    void lose(Page page) {
        forgetPlace(page);
        lost = true;
    }

    /** @throws IOException a store has lost them */
    void check() throws IOException {
        if (lost) {
            throw new IOException("the page was lost by the store that had it");
        }
    }

    /** What of the pager's they are: see {@link Pager#version}. */
    long version() {
        return pager.version();
    }

    /** Whether the pager would give others now than it gave then. @param version of then */
    boolean outdated(long version) {
        return !own && place == null && pager.version() != version;
    }

    /** Fills a frame with them. */
    void fill(Frame arriving) throws IOException {
        if (place != null) {
            place.load(arriving);
            paging.loaded.increment();
        } else if (pager == Pager.ZERO) {
            paging.zero.increment();
        } else {
            LentFrame lent = new LentFrame(arriving);
            try {
                pager.fill(offset, lent);
            } finally {
                lent.end();
            }
            paging.filled.increment();
        }
    }
}
