package kernel.core.memory;

/**
 * Capability for one page frame of physical memory. Whoever holds it may map it. Its contents may be read and written here
 * as well, for pagers; not synchronized with user code that runs on it.
 */
public interface Frame {

    /** Physical address of its first byte, a multiple of the page size. */
    long address();

    /**
     * Copies out of the frame.
     *
     * @throws IndexOutOfBoundsException outside the frame or the array
     * @throws IllegalStateException the frame was freed
     */
    void read(int position, byte[] to, int offset, int length);

    /**
     * Copies into the frame.
     *
     * @throws IndexOutOfBoundsException outside the frame or the array
     * @throws IllegalStateException the frame was freed
     */
    void write(int position, byte[] from, int offset, int length);

    /**
     * Copies all of another frame into this one, as {@link #read} and {@link #write} do; not atomic as a whole.
     *
     * @throws IllegalStateException one of them was freed
     */
    default void copyFrom(Frame other, int size) {
        byte[] page = new byte[size];
        other.read(0, page, 0, size);
        write(0, page, 0, size);
    }
}
