package hw.alpha.cpu;

/** Between the formats of floating-point numbers in memory and in registers (AARM 2.2, 4.8). Stateless. */
final class Formats {

    private Formats() {}

    /** S format from memory: sign and fraction move up, the exponent is widened, all ones and zero staying what they are. */
    static long fromS(int memory) {
        int exponent = memory >>> 23 & 0xFF;
        int wide = switch (exponent) {
            case 0 -> 0;
            case 0xFF -> 0x7FF;
            default -> exponent - 127 + 1023;
        };
        return (long) (memory & 0x8000_0000) << 32 | (long) wide << 52 | (memory & 0x7F_FFFFL) << 29;
    }

    /** S format to memory: the bits that {@link #fromS} made; others are dropped, as the hardware does. */
    static int toS(long register) {
        return (int) (register >>> 32) & 0xC000_0000 | (int) (register >>> 29) & 0x3FFF_FFFF;
    }

    /** F format from memory: its 16-bit words are stored high first; the exponent is widened unless it is zero. */
    static long fromF(int memory) {
        int ordered = memory << 16 | memory >>> 16;
        int exponent = ordered >>> 23 & 0xFF;
        int wide = exponent == 0 ? 0 : exponent - 128 + 1024;
        return (long) (ordered & 0x8000_0000) << 32 | (long) wide << 52 | (ordered & 0x7F_FFFFL) << 29;
    }

    /** F format to memory. */
    static int toF(long register) {
        int ordered = toS(register);
        return ordered << 16 | ordered >>> 16;
    }

    /** G format between memory and register, either way: its four 16-bit words are stored high first. */
    static long swapWords(long value) {
        long halves = value << 32 | value >>> 32;
        return (halves & 0x0000FFFF0000FFFFL) << 16 | halves >>> 16 & 0x0000FFFF0000FFFFL;
    }

    /** Longword in a floating register to a quadword in one (CVTLQ). */
    static long longwordToQuadword(long register) {
        return toS(register);
    }

    /** Quadword in a floating register to a longword in one (CVTQL); overflow is the caller's to look for. */
    static long quadwordToLongword(long register) {
        return (register & 0xC000_0000L) << 32 | (register & 0x3FFF_FFFFL) << 29;
    }
}
