package hw.alpha.cpu;

/**
 * The floating-point control register of a context and what follows from it (AARM 4.7.8). All its bits are implemented, those
 * that the 21264 leaves to software included: it also plays the part of the completion handler that an operating system
 * has for instructions with {@code /S}, so such an instruction traps only for an exception that FPCR does not disable.
 */
final class FloatingPoint {

    /** Exception bits of FPCR. */
    static final long INV = 1L << 52, DZE = 1L << 53, OVF = 1L << 54, UNF = 1L << 55, INE = 1L << 56, IOV = 1L << 57;

    private static final long EXCEPTIONS = INV | DZE | OVF | UNF | INE | IOV;
    private static final long DNZ = 1L << 48, UNDZ = 1L << 60, UNFD = 1L << 61, INED = 1L << 62, SUM = 1L << 63;
    private static final long IMPLEMENTED = -1L << 47;

    /** Sets of qualifiers, as bit masks over function bits 10:6: those with {@code /S}, {@code /I}, and with each rounding. */
    private static final int SOFTWARE = 0xFFFF_0000, INEXACT = 0xFF00_FF00, NORMAL = 0x4444_4444, DYNAMIC = 0x8888_8888;

    private long control;
    private long enabled;

    /** For each set of qualifiers, whether nobody will know if a result is inexact. */
    int careless;
    /** The members of {@link #careless} that round as the host does. */
    int fast;

    FloatingPoint() {
        setControl(0);
    }

    /** FPCR. */
    long control() {
        return (control & EXCEPTIONS) != 0 ? control | SUM : control;
    }

    /** FPCR without the summary bit. */
    long exactControl() {
        return control;
    }

    void setControl(long value) {
        control = value & IMPLEMENTED & ~SUM;
        // Integer overflow has no bit of its own: Linux takes it for an invalid operation.
        enabled = (~control << 3 & (INV | DZE | OVF)) | (~control >>> 6 & (UNF | INE)) | (~control << 8 & IOV);
        careless = SOFTWARE & ~INEXACT;
        if ((control & INE) != 0) {
            careless |= ~SOFTWARE & ~INEXACT;
            if ((control & INED) != 0) {
                careless |= SOFTWARE & INEXACT;
            }
        }
        fast = careless & (rounding(0xC0) == SoftFloat.NORMAL ? NORMAL | DYNAMIC : NORMAL);
    }

    /** Records exceptions. */
    void record(long exceptions) {
        if ((exceptions & ~control) != 0) {
            setControl(control | exceptions);
        }
    }

    /** Those of {@code exceptions} that trap even with {@code /S}. */
    long enabled(long exceptions) {
        return exceptions & enabled;
    }

    /** Rounding that an instruction with this function code asks for: one of those of {@link SoftFloat}. */
    int rounding(int function) {
        int rounding = function >>> 6 & 3;
        return rounding == 3 ? (int) (control >>> 58) & 3 : rounding;
    }

    /** Whether denormal operands count as zero. */
    boolean denormalsAreZero() {
        return (control & DNZ) != 0;
    }

    /** Whether denormal results become zero even where underflow is looked at. */
    boolean underflowToZero() {
        return (control & UNFD) != 0 && (control & UNDZ) != 0;
    }
}
