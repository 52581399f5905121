package kernel.ext.vm.api;

import java.util.Map;
import kernel.core.memory.Frame;

/**
 * Memory that several regions, of one or several spaces, show: what is written through one is seen through all. Its pages are
 * filled by a {@link Pager} when they are touched first, wherever that is. Thread-safe.
 */
public interface MemoryObject extends AutoCloseable {

    /**
     * The pages that were touched, by offset in bytes. Valid until the object is closed; who maps them may write to them
     * meanwhile.
     */
    Map<Long, Frame> pages();

    /** Lets go of the pages; frames are freed when no region shows them any more. Idempotent. */
    @Override
    void close();
}
