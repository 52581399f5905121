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
}
