package kernel.ext.vm.api;

import java.io.IOException;
import kernel.core.memory.Access;
import kernel.core.memory.Frame;

/**
 * The pager of a {@link MemoryObject} that says for each page, and at any time, what may be done with it: for memory that somebody else has
 * a say in, as another kernel that shares it. Pages begin without a right. Who needs one asks {@link #unlock}, in the faulting strand; the
 * pager gives it by {@link MemoryObject#supply} or {@link MemoryObject#setRights}, and takes it away by the latter.
 *
 * <p>So Mach's kernel and its external pagers deal with each other: data unlock, data supply, lock request (Young et al., The duality of
 * memory and communication in the implementation of a multiprocessor operating system, SOSP 1987). Must be thread-safe.
 */
@FunctionalInterface
public interface RightsPager extends Pager {

    /**
     * A program needs a right that a page does not give. The caller holds no lock; this may wait, but is to return now and then, for only
     * then the program hears signals: the access is tried again, and asks again if the right is still not there.
     *
     * @param offset of the page, in bytes
     * @param access what the program wants to do
     * @throws IOException the right cannot be had; user code sees a bad address
     */
    void unlock(long offset, Access access) throws IOException;

    /** Nothing: what a page holds comes with its rights. */
    @Override
    default void fill(long offset, Frame frame) throws IOException {}
}
