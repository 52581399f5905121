package hw.alpha.mmu;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The host's memory as one segment, in the Alpha's byte order. Raw: an address that is not that of a page frame of
 * {@link PhysicalMemory} ends the JVM. Thread-safe.
 */
public final class Host {

    /** All of the host's memory. */
    public static final MemorySegment MEMORY = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

    /** One byte. */
    public static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
    /** Two bytes, any alignment. */
    public static final ValueLayout.OfShort WORD = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    /** Four bytes, any alignment. */
    public static final ValueLayout.OfInt LONGWORD = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    /** Eight bytes, any alignment. */
    public static final ValueLayout.OfLong QUADWORD = ValueLayout.JAVA_LONG_UNALIGNED
            .withOrder(ByteOrder.LITTLE_ENDIAN);

    /** Four aligned bytes, with atomic access. */
    public static final VarHandle ATOMIC_LONGWORD = ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN).varHandle();
    /** Eight aligned bytes, with atomic access. */
    public static final VarHandle ATOMIC_QUADWORD = ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN)
            .varHandle();

    private Host() {}

    /**
     * Uses each kind of access once, on memory of its own. Code that is compiled before its first run would lack what was never
     * initialized, and be thrown away when the first segment of the heap shows that not all segments are the host's memory.
     */
    public static void prepare() {
        try (Arena arena = Arena.ofConfined()) {
            long address = arena.allocate(ValueLayout.JAVA_LONG).address();
            MEMORY.set(BYTE, address, MEMORY.get(BYTE, address));
            MemorySegment.copy(MemorySegment.ofArray(new byte[1]), 0, MEMORY, address, 1);
            MEMORY.set(WORD, address, MEMORY.get(WORD, address));
            MEMORY.set(LONGWORD, address, MEMORY.get(LONGWORD, address));
            MEMORY.set(QUADWORD, address, MEMORY.get(QUADWORD, address));
        }
    }
}
