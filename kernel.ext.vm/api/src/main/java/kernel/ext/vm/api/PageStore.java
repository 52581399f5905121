package kernel.ext.vm.api;

import java.io.IOException;
import kernel.core.memory.Frame;

/**
 * Keeps the contents of pages that have no frame: a disk, compressed memory, another machine. A bundle offers one by
 * registering it as a service with the property {@link #NAME}; pages go to the one with the highest service ranking that has
 * room. When a store is unregistered the kernel first fetches what it keeps, so it must serve {@link #load} and {@link #free}
 * until the call that unregisters it has returned.
 *
 * <p>Must be thread-safe. {@link #store} is called when memory is short, by one strand at a time: it may allocate frames without
 * an owner as far as some are free, and must not wait for anybody who allocates.
 */
public interface PageStore {

    /** Service property: its name, for people. */
    String NAME = "kernel.vm.store";

    /** Answer of {@link #store}: there is no room. */
    long NONE = -1;

    /**
     * Keeps the contents of a page.
     *
     * @param frame lent for the time of the call
     * @return where it is, 0 or more, or {@link #NONE}
     * @throws IOException it cannot be kept; somebody else is asked
     */
    long store(Frame frame) throws IOException;

    /**
     * Gives contents back, and goes on keeping them.
     *
     * @param frame full of zero bytes; lent for the time of the call
     * @throws IOException they are lost
     */
    void load(long place, Frame frame) throws IOException;

    /** Contents are not needed any more. */
    void free(long place);

    /** How many pages it can keep, about. */
    long capacity();

    /** How many pages it keeps. */
    long used();

    /**
     * Whether it is to go on keeping a page that was loaded as long as nobody writes to it, so that it need not be stored again.
     */
    default boolean keepsLoaded() {
        return true;
    }

    /** What else there is to say about it, for people; a line. */
    default String note() {
        return "";
    }
}
