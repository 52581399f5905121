package hw.alpha.translator;

import hw.alpha.isa.Op;

/**
 * Multimedia instructions (AARM 4.13), for interpreter and translated code. Each method has an instruction's name and its two operands. All bytes
 * or words of a quadword are computed at once, without branches, in methods so small that HotSpot compiles them into their callers. Stateless.
 */
public final class Multimedia {

    /** The highest bit of each byte, or word. */
    private static final long BYTES = 0x8080_8080_8080_8080L, WORDS = 0x8000_8000_8000_8000L;
    private static final long EVEN_BYTES = 0x00FF_00FF_00FF_00FFL;

    private Multimedia() {}

    /** Whether an operation is one of these. */
    public static boolean is(int operation) {
        return operation >= Op.PERR && operation <= Op.MAXSW4;
    }

    /** Performs any of them. @param operation one of {@link Op} */
    public static long perform(int operation, long a, long b) {
        return switch (operation) {
            case Op.PERR -> perr(a, b);
            case Op.UNPKBW -> unpkbw(a, b);
            case Op.UNPKBL -> unpkbl(a, b);
            case Op.PKWB -> pkwb(a, b);
            case Op.PKLB -> pklb(a, b);
            case Op.MINSB8 -> minsb8(a, b);
            case Op.MINSW4 -> minsw4(a, b);
            case Op.MINUB8 -> minub8(a, b);
            case Op.MINUW4 -> minuw4(a, b);
            case Op.MAXUB8 -> maxub8(a, b);
            case Op.MAXUW4 -> maxuw4(a, b);
            case Op.MAXSB8 -> maxsb8(a, b);
            case Op.MAXSW4 -> maxsw4(a, b);
            default -> throw new IllegalArgumentException("operation " + operation);
        };
    }

    /** Sum of the absolute differences of eight unsigned bytes. */
    public static long perr(long a, long b) {
        long difference = maxub8(a, b) - minub8(a, b);
        long pairs = (difference & EVEN_BYTES) + (difference >>> 8 & EVEN_BYTES);
        return pairs * 0x0001_0001_0001_0001L >>> 48;
    }

    /** Four bytes of {@code b} to the low bytes of four words. */
    public static long unpkbw(long a, long b) {
        long spread = (b & 0xFFFF_0000L) << 16 | b & 0xFFFF;
        return (spread | spread << 8) & EVEN_BYTES;
    }

    /** Two bytes of {@code b} to the low bytes of two longwords. */
    public static long unpkbl(long a, long b) {
        return b & 0xFF | (b & 0xFF00) << 24;
    }

    /** The low bytes of the four words of {@code b} side by side. */
    public static long pkwb(long a, long b) {
        long pairs = b & EVEN_BYTES;
        pairs = (pairs | pairs >>> 8) & 0x0000_FFFF_0000_FFFFL;
        return (pairs | pairs >>> 16) & 0xFFFF_FFFFL;
    }

    /** The low bytes of the two longwords of {@code b} side by side. */
    public static long pklb(long a, long b) {
        return b & 0xFF | b >>> 24 & 0xFF00;
    }

    /** The less of each two signed bytes. */
    public static long minsb8(long a, long b) {
        return select(b, a, bytes(a ^ BYTES, b ^ BYTES));
    }

    /** The less of each two signed words. */
    public static long minsw4(long a, long b) {
        return select(b, a, words(a ^ WORDS, b ^ WORDS));
    }

    /** The less of each two unsigned bytes. */
    public static long minub8(long a, long b) {
        return select(b, a, bytes(a, b));
    }

    /** The less of each two unsigned words. */
    public static long minuw4(long a, long b) {
        return select(b, a, words(a, b));
    }

    /** The greater of each two unsigned bytes. */
    public static long maxub8(long a, long b) {
        return select(a, b, bytes(a, b));
    }

    /** The greater of each two unsigned words. */
    public static long maxuw4(long a, long b) {
        return select(a, b, words(a, b));
    }

    /** The greater of each two signed bytes. */
    public static long maxsb8(long a, long b) {
        return select(a, b, bytes(a ^ BYTES, b ^ BYTES));
    }

    /** The greater of each two signed words. */
    public static long maxsw4(long a, long b) {
        return select(a, b, words(a ^ WORDS, b ^ WORDS));
    }

    /** All bits of the bytes that in {@code a} are, unsigned, at least what they are in {@code b}. */
    private static long bytes(long a, long b) {
        return (atLeast(a, b, BYTES) >>> 7) * 0xFF;
    }

    /** The same of words. */
    private static long words(long a, long b) {
        return (atLeast(a, b, WORDS) >>> 15) * 0xFFFF;
    }

    /** The highest bits, which are given, of those elements: a borrow of the lower ones ends there, and decides where the highest are equal. */
    private static long atLeast(long a, long b, long highest) {
        return (a & ~b | ~(a ^ b) & (a | highest) - (b & ~highest)) & highest;
    }

    /** Of each bit the first where the mask has one, else the second. */
    private static long select(long first, long second, long mask) {
        return second ^ (first ^ second) & mask;
    }
}
