package hw.alpha.host;

import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Memory outside the heap that a call of the host reads to or writes from, and the place where it says why it failed. Taking one is cheap:
 * a few are kept. Used by one thread at a time.
 */
final class Scratch {

    /** Bytes of {@link #bytes}: what a system call of ours moves at once. */
    static final int SIZE = 64 * 1024;
    private static final int KEPT = 16;
    private static final AtomicReferenceArray<Scratch> FREE = new AtomicReferenceArray<>(KEPT);

    final MemorySegment state;
    final MemorySegment bytes;
    /** Address of {@link #bytes}. */
    final long address;

    private Scratch() {
        Arena arena = Arena.ofAuto();
        state = arena.allocate(Linker.Option.captureStateLayout());
        bytes = arena.allocate(SIZE, 64);
        address = bytes.address();
    }

    private static int slot() {
        return (int) Thread.currentThread().threadId() & KEPT - 1;
    }

    static Scratch take() {
        Scratch kept = FREE.getAndSet(slot(), null);
        return kept == null ? new Scratch() : kept;
    }

    /**
     * Puts a file's name there, ended by a zero.
     *
     * @param at offset
     * @return false if it does not fit or is not ASCII: only java.nio knows how it decoded others
     */
    boolean name(String name, int at) {
        int length = name.length();
        if (length >= SIZE - at) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            char c = name.charAt(i);
            if (c == 0 || c > 0x7e) {
                return false;
            }
            bytes.set(ValueLayout.JAVA_BYTE, at + i, (byte) c);
        }
        bytes.set(ValueLayout.JAVA_BYTE, at + length, (byte) 0);
        return true;
    }

    /** Others may have it now. */
    void give() {
        FREE.setRelease(slot(), this);
    }
}
