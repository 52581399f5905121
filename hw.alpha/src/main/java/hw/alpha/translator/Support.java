package hw.alpha.translator;

/** What both interpreter and translated code compute by a call, which HotSpot compiles into them. Stateless. */
public final class Support {

    /** For each byte mask, the quadword that has all bits of the bytes whose bit is set. */
    private static final long[] BYTES = new long[256];

    static {
        for (int mask = 0; mask < 256; mask++) {
            for (int i = 0; i < 8; i++) {
                BYTES[mask] |= (mask >>> i & 1) * 0xFFL << 8 * i;
            }
        }
    }

    private Support() {}

    /** The quadword that has all bits of the bytes whose bit is set in the low byte of {@code mask}. */
    public static long expand(int mask) {
        return BYTES[mask & 255];
    }

    /** ZAP (AARM 4.6.6). */
    public static long zap(long a, long b) {
        return a & ~BYTES[(int) b & 255];
    }

    /** ZAPNOT (AARM 4.6.6). */
    public static long zapNot(long a, long b) {
        return a & BYTES[(int) b & 255];
    }

    /** CMPBGE: bit i of the result tells whether byte i of {@code a} is, unsigned, at least that of {@code b}. */
    public static long compareBytes(long a, long b) {
        final long high = 0x8080808080808080L;
        // In each byte: the low seven bits' borrow ends in bit 7, which then decides where the top bits are equal.
        long difference = (a | high) - (b & ~high);
        long atLeast = (a & ~b | ~(a ^ b) & difference) & high;
        return (atLeast >>> 7) * 0x0102040810204080L >>> 56;
    }

    /** S format from memory (AARM 4.8.2): sign and fraction move up, the exponent is widened. */
    public static long fromS(int memory) {
        int exponent = memory >>> 23 & 0xFF;
        // Bits 61:59 are the complement of bit 62 unless the exponent is all ones or zero.
        long wide = exponent == 0 ? 0 : exponent == 0xFF ? 0x7FF : exponent + 896;
        return (long) (memory & 0x8000_0000) << 32 | wide << 52 | (memory & 0x7F_FFFFL) << 29;
    }

    /** S format to memory: the bits that {@link #fromS} made; others are dropped, as the hardware does. */
    public static int toS(long register) {
        return (int) (register >>> 32) & 0xC000_0000 | (int) (register >>> 29) & 0x3FFF_FFFF;
    }

    /** Quadword in a floating register to a longword in one (CVTQL); overflow is the caller's to look for. */
    public static long quadwordToLongword(long register) {
        return (register & 0xC000_0000L) << 32 | (register & 0x3FFF_FFFFL) << 29;
    }

    /** Bits of a floating-point number, zero for minus zero. */
    public static long withoutMinusZero(long bits) {
        return bits == Long.MIN_VALUE ? 0 : bits;
    }

    /** Whether a value written to FPCR is the given one, as far as its bits exist. */
    public static boolean sameControl(long value, long control) {
        return (value & (-1L << 47) & Long.MAX_VALUE) == control;
    }

    /** FPCR with its summary bit (AARM 4.7.8). */
    public static long withSummary(long control) {
        return (control & 63L << 52) != 0 ? control | Long.MIN_VALUE : control;
    }
}
