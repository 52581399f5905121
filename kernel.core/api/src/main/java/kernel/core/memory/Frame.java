package kernel.core.memory;

/**
 * Capability for one page frame of physical memory. Whoever holds it may map it. Its contents may be read and written here
 * as well, for pagers; not synchronized with user code that runs on it.
 */
public interface Frame {

    /** Bit of {@link #marks}: user code has used it. */
    int USED = 1;
    /** Bit of {@link #marks}: user code has written to it. */
    int CHANGED = 2;

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

    /**
     * What was done with it through translations since the marks were cleared: the referenced and modified bits that an Alpha's
     * page-table entries let software keep by their fault-on-read, -write and -execute bits (AARM II-A 3.4). Transfers by
     * {@link #read}, {@link #write} and disks do not count. A use is noticed when a processor's translation buffer is filled, so
     * who clears a mark {@linkplain TranslationContext#refresh refreshes} the translations after that. A machine that
     * cannot tell answers with both.
     */
    default int marks() {
        return USED | CHANGED;
    }

    /** Clears marks. */
    default void clear(int marks) {}
}
