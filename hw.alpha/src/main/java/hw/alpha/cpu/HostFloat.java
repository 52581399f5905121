package hw.alpha.cpu;

import hw.alpha.isa.Decoder;
import hw.alpha.isa.Op;

/**
 * Floating-point instructions by the host's arithmetic, where that gives the same bits and no exception that anybody will
 * see: operands and result are zero or normal, rounding is the host's, and {@link FloatingPoint} says that an inexact
 * result needs no mention. {@link FloatingOperation} does all others. Stateless.
 */
final class HostFloat {

    private static final long TRUE = 0x4000_0000_0000_0000L;
    private static final int CHOPPED = 0;

    private HostFloat() {}

    /** @return {@code false}: nothing was done, {@link FloatingOperation} must do it */
    static boolean perform(long[] r, FloatingPoint state, long instruction) {
        long a = r[Decoder.first(instruction)];
        long b = r[Decoder.second(instruction)];
        double x = Double.longBitsToDouble(a);
        double y = Double.longBitsToDouble(b);
        int qualifiers = (int) (instruction >>> 38);
        int operation = Decoder.operation(instruction);
        boolean fast = (state.fast >>> qualifiers & 1) != 0;
        double result;
        switch (operation) {
            case Op.ADDT -> result = x + y;
            case Op.SUBT -> result = x - y;
            case Op.MULT -> result = x * y;
            case Op.DIVT -> {
                if (!fast) {
                    return divideChopped(r, state, instruction, qualifiers, x, y);
                }
                result = x / y;
            }
            case Op.SQRTT -> {
                a = 0;
                result = Math.sqrt(y);
            }
            case Op.ADDS, Op.SUBS, Op.MULS, Op.DIVS, Op.SQRTS, Op.CVTTS -> {
                return fast && single(r, instruction, operation, a, b);
            }
            case Op.CVTQT -> {
                return fromInteger(r, instruction, fast, b);
            }
            case Op.CVTTQ -> {
                return toInteger(r, state, instruction, qualifiers, b, y);
            }
            default -> {
                return compare(r, instruction, operation, a, b, x, y);
            }
        }
        long bits = Double.doubleToRawLongBits(result);
        // A zero result may be an underflow, unless a factor is zero or the operation is a sum, which is exact.
        if (!fast || !ordinary(a) || !ordinary(b) || !normal(bits) && !exactZero(operation, bits, a, b)) {
            return false;
        }
        r[Decoder.destination(instruction)] = bits;
        return true;
    }

    private static boolean normal(long bits) {
        return ((int) (bits >>> 52) & 0x7FF) - 1 + Integer.MIN_VALUE < 0x7FE + Integer.MIN_VALUE;
    }

    /** Whether a number is normal or zero. */
    private static boolean ordinary(long bits) {
        return normal(bits) || bits << 1 == 0;
    }

    /** Whether a register holds a normal single-precision number, or zero. */
    private static boolean ordinarySingle(long bits) {
        return (bits & 0x1FFF_FFFFL) == 0 && (normalSingle(bits) || bits << 1 == 0);
    }

    private static boolean normalSingle(long bits) {
        return ((int) (bits >>> 52) & 0x7FF) - 0x381 + Integer.MIN_VALUE < 0xFE + Integer.MIN_VALUE;
    }

    private static boolean exactZero(int operation, long bits, long a, long b) {
        if (bits << 1 != 0) {
            return false;
        }
        return switch (operation) {
            case Op.ADDT, Op.SUBT, Op.SQRTT, Op.ADDS, Op.SUBS, Op.SQRTS, Op.CVTTS -> true;
            case Op.MULT, Op.MULS -> a << 1 == 0 || b << 1 == 0;
            default -> a << 1 == 0 && b << 1 != 0;
        };
    }

    /** Single precision: rounding the double result once more gives the right one, as 53 bits are more than 2 * 24 + 1. */
    private static boolean single(long[] r, long instruction, int operation, long a, long b) {
        double x = Double.longBitsToDouble(a);
        double y = Double.longBitsToDouble(b);
        double result = switch (operation) {
            case Op.ADDS -> x + y;
            case Op.SUBS -> x - y;
            case Op.MULS -> x * y;
            case Op.DIVS -> x / y;
            case Op.SQRTS -> Math.sqrt(y);
            default -> y;
        };
        long bits = Double.doubleToRawLongBits((float) result);
        boolean unary = operation == Op.SQRTS || operation == Op.CVTTS;
        boolean usable = (unary || ordinarySingle(a)) && (operation == Op.CVTTS ? ordinary(b) : ordinarySingle(b));
        boolean zero = operation == Op.CVTTS ? b << 1 == 0 : exactZero(operation, bits, a, b);
        // A result next to the least normal number may have been rounded up to it: that is underflow or not, see SoftFloat.
        if (!usable || !(normalSingle(bits) && normalSingle(Double.doubleToRawLongBits(result)) || zero)) {
            return false;
        }
        r[Decoder.destination(instruction)] = bits;
        return true;
    }

    /**
     * Integer division of C libraries divides with {@code /C}. The host's rounded quotient is right or one too large in
     * magnitude; an exact residual tells.
     */
    private static boolean divideChopped(long[] r, FloatingPoint state, long instruction, int qualifiers, double x,
            double y) {
        double quotient = x / y;
        long bits = Double.doubleToRawLongBits(quotient);
        // Far from underflow, where the residual would not be exact.
        if ((qualifiers & 3) != CHOPPED || (state.careless >>> qualifiers & 1) == 0
                || !(Math.abs(x) > 0x1p-800 && Math.abs(x) < 0x1p800 && Math.abs(y) > 0x1p-200
                        && Math.abs(y) < 0x1p200)) {
            return false;
        }
        double residual = Math.fma(-quotient, y, x);
        if (residual != 0 && residual > 0 != x > 0) {
            bits--;
        }
        r[Decoder.destination(instruction)] = bits;
        return true;
    }

    /** Without {@code /I} nobody asks whether it was exact. */
    private static boolean fromInteger(long[] r, long instruction, boolean fast, long integer) {
        boolean inexact = (instruction & 0x200L << 32) != 0;
        boolean exact = Math.abs(integer) >= 0 && Math.abs(integer) <= 1L << 53;
        boolean dynamic = (instruction >>> 38 & 3) == 3;
        if (!exact && (inexact || dynamic || (instruction >>> 38 & 3) != SoftFloat.NORMAL) && !fast) {
            return false;
        }
        r[Decoder.destination(instruction)] = Double.doubleToRawLongBits((double) integer);
        return true;
    }

    private static boolean toInteger(long[] r, FloatingPoint state, long instruction, int qualifiers, long bits,
            double value) {
        boolean chopped = (qualifiers & 3) == CHOPPED;
        if (((chopped ? state.careless : state.fast) >>> qualifiers & 1) == 0 || !ordinary(bits)
                || !(Math.abs(value) < 0x1p63)) {
            return false;
        }
        r[Decoder.destination(instruction)] = (long) (chopped ? value : Math.rint(value));
        return true;
    }

    private static boolean compare(long[] r, long instruction, int operation, long a, long b, double x, double y) {
        if (!ordinary(a) || !ordinary(b)) {
            return false;
        }
        boolean result = switch (operation) {
            case Op.CMPTEQ -> x == y;
            case Op.CMPTLT -> x < y;
            case Op.CMPTLE -> x <= y;
            default -> false;
        };
        r[Decoder.destination(instruction)] = result ? TRUE : 0;
        return true;
    }
}
