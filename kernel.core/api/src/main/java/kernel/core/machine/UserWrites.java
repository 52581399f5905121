package kernel.core.machine;

/**
 * Sees what the kernel writes to a program's memory: all that a program learns from a system call but for its result. Called in the strand
 * of the context.
 */
@FunctionalInterface
public interface UserWrites {

    /**
     * Bytes were copied to user memory.
     *
     * @param address where they are now
     * @param from has them, and is somebody else's: what is to be kept is copied
     * @param offset of the first
     * @param length how many, more than 0
     */
    void written(long address, byte[] from, int offset, int length);
}
