package bundles.unix.provider.signal;

/**
 * The stack on which handlers run that ask for it (sigaltstack(2)).
 *
 * @param address lowest address
 * @param size bytes; 0: there is none
 */
public record AlternateStack(long address, long size) {

    /** No such stack. */
    public static final AlternateStack NONE = new AlternateStack(0, 0);

    /** States in {@code ss_flags}. */
    public static final int SS_ONSTACK = 1, SS_DISABLE = 2;
    /** Smallest one allowed, in bytes (asm/signal.h). */
    public static final long MINSIGSTKSZ = 4096;

    /** Whether a stack pointer is on it. */
    public boolean contains(long pointer) {
        return size != 0 && pointer - address > 0 && pointer - address <= size;
    }

    /** {@code ss_flags} at a stack pointer. */
    public int flags(long pointer) {
        return size == 0 ? SS_DISABLE : contains(pointer) ? SS_ONSTACK : 0;
    }
}
