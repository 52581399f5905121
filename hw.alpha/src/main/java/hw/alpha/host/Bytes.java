package hw.alpha.host;

import java.lang.foreign.MemorySegment;

/**
 * Copies between arrays and memory outside the heap. {@link MemorySegment#copy(MemorySegment, java.lang.foreign.ValueLayout, long, Object,
 * int, int)} does the same for arrays of any kind, but looks at the kind by reflection, which HotSpot makes a call out of compiled code
 * where methods may have no uncommon traps, as in this machine: some 100 ns for each copy. Thread-safe.
 */
public final class Bytes {

    private Bytes() {}

    /**
     * Copies out of the heap.
     *
     * @throws IndexOutOfBoundsException the range is not in the array or not in the segment
     */
    public static void out(byte[] from, int offset, MemorySegment to, long at, int length) {
        MemorySegment.copy(MemorySegment.ofArray(from), offset, to, at, length);
    }

    /**
     * Copies into the heap.
     *
     * @throws IndexOutOfBoundsException the range is not in the array or not in the segment
     */
    public static void in(MemorySegment from, long at, byte[] to, int offset, int length) {
        MemorySegment.copy(from, at, MemorySegment.ofArray(to), offset, length);
    }
}
