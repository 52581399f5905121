package kernel.ext.vm.provider;

import java.util.concurrent.atomic.AtomicInteger;
import kernel.core.memory.Frame;
import kernel.core.memory.PhysAddr;

/**
 * A frame with contents, and how many have it: spaces in which it is mapped, and the object that it is a page of. The last one
 * frees it.
 *
 * <p>Concurrency: the count is atomic. Only who has the page, and holds the lock under which it has it, adds an owner; so who
 * finds under that lock that it is the only one stays the only one until it lets go of the lock. That is what copy on write
 * rests on.
 */
final class Page {

    private final Frame frame;
    private final boolean common;
    private final AtomicInteger owners = new AtomicInteger(1);

    /**
     * @param frame with contents; this now frees it
     * @param common whether all who have it are to see what any of them writes; else it is copied on write
     */
    Page(Frame frame, boolean common) {
        this.frame = frame;
        this.common = common;
    }

    Frame frame() {
        return frame;
    }

    /** One more has it. */
    void retain() {
        owners.incrementAndGet();
    }

    /** One less has it. It must no longer be mapped there. */
    void release(PhysAddr memory) {
        if (owners.decrementAndGet() == 0) {
            memory.free(frame);
        }
    }

    /** Whether who has it may write to it: it is common, or nobody else has it. */
    boolean writable() {
        return common || owners.get() == 1;
    }
}
