package kernel.ext.vm.api;

import java.io.IOException;
import java.util.function.LongSupplier;
import kernel.core.memory.Frame;

/**
 * Fills pages of a region when they are touched first, and again when memory was short meanwhile and nobody had written to them:
 * so it must give the same contents each time, unless what it shows was changed by others. Must be thread-safe.
 */
@FunctionalInterface
public interface Pager {

    /** Leaves frames as they come: full of zero bytes. */
    Pager ZERO = (offset, frame) -> {};

    /**
     * Fills a frame.
     *
     * @param offset of the page from the address at which the region was mapped, in bytes
     * @param frame full of zero bytes; lent for the time of the call
     * @throws IOException the page cannot be had; user code sees a bad address
     */
    void fill(long offset, Frame frame) throws IOException;

    /**
     * Whether pages may be filled before they are touched, by another strand than the one that will touch them. Only for contents that
     * nobody changes, or of which {@link #version} tells that somebody has, because what is changed between the filling and the touching
     * would not be seen.
     */
    default boolean ahead() {
        return false;
    }

    /**
     * A number that is another one after the contents have changed. Asked before a page is filled ahead, and again when it is touched first:
     * if they differ it is filled again. Must be quick: it is asked with locks held.
     */
    default long version() {
        return 0;
    }

    /** A pager whose pages may be filled {@linkplain #ahead ahead}. @param pager fills them, with what never changes */
    static Pager ahead(Pager pager) {
        return ahead(pager, () -> 0);
    }

    /**
     * The same, of contents that change.
     *
     * @param pager fills them
     * @param version see {@link #version}
     */
    static Pager ahead(Pager pager, LongSupplier version) {
        return new Pager() {
            @Override
            public void fill(long offset, Frame frame) throws IOException {
                pager.fill(offset, frame);
            }

            @Override
            public boolean ahead() {
                return true;
            }

            @Override
            public long version() {
                return version.getAsLong();
            }
        };
    }
}
