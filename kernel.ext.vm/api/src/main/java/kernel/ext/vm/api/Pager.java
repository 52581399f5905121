package kernel.ext.vm.api;

import java.io.IOException;
import kernel.core.memory.Frame;

/**
 * Fills pages of a region when they are touched first, and again when memory was short meanwhile and nobody had written to them:
 * so it must give the same contents each time. Must be thread-safe.
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
     * nobody changes, because what is changed between the filling and the touching would not be seen.
     */
    default boolean ahead() {
        return false;
    }

    /** A pager whose pages may be filled {@linkplain #ahead ahead}. @param pager fills them */
    static Pager ahead(Pager pager) {
        return new Pager() {
            @Override
            public void fill(long offset, Frame frame) throws IOException {
                pager.fill(offset, frame);
            }

            @Override
            public boolean ahead() {
                return true;
            }
        };
    }
}
