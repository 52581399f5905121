package bundles.unix.provider.elf;

/** Where things are in the addresses of a Linux/Alpha program (arch/alpha: TASK_SIZE, STACK_TOP). */
public final class Layout {

    /** Bytes of a page. */
    public static final int PAGE = 8192;
    /** First address beyond what a program can have. */
    public static final long TASK_SIZE = 1L << 42;
    /**
     * Where mappings without an address are looked for, upwards. Lower than Linux's TASK_SIZE / 2, so that half of the 64 GB for
     * which translated code has a fast way lies behind it; heaps reach up to it.
     */
    public static final long MMAP_BASE = 0x8_0000_0000L;
    /** Where a program goes that can be anywhere (ELF_ET_DYN_BASE). */
    public static final long PROGRAM_BASE = MMAP_BASE + 0x100_0000;
    /** End of the stack, and usual start of the program. */
    public static final long STACK_TOP = 0x1_2000_0000L;
    /** Bytes that the stack can grow to; below them nothing is mapped unasked, so that an overflow faults. */
    public static final long STACK_SIZE = 8 << 20;
    /** Bounds of what a limit can make of the stack: some arguments must have room in it, and so must what lies below it. */
    public static final long SMALLEST_STACK = 256 << 10, LARGEST_STACK = 1L << 30;
    /** No segment may lie below: a null pointer with an offset faults. */
    public static final long LOWEST = 0x10000;

    private Layout() {}

    /** Bytes of the stack of a program that starts with a limit (RLIMIT_STACK); negative or very large: none. */
    public static long stackSize(long limit) {
        if (limit < 0 || limit > LARGEST_STACK) {
            return limit < 0 || limit == Long.MAX_VALUE ? STACK_SIZE : LARGEST_STACK;
        }
        return Math.max(SMALLEST_STACK, floor(limit));
    }

    /** Rounds down to a page. */
    public static long floor(long address) {
        return address & -PAGE;
    }

    /** Rounds up to a page; addresses near 2^63 wrap. */
    public static long ceil(long address) {
        return address + PAGE - 1 & -PAGE;
    }
}
