package hw.alpha.cpu;

/**
 * IEEE 754 arithmetic on integers: all roundings, all exceptions, denormals and NaNs; what the host's arithmetic cannot tell.
 * Numbers are 64-bit or, for single precision, 32-bit patterns in memory format. Set {@link #rounding},
 * {@link #flushResults} and {@link #flushOperands} first; look at {@link #exceptions} afterwards. Not thread-safe.
 *
 * <p>Where the standard leaves a choice, this does as QEMU's Alpha does: tininess is detected after rounding; of two NaN
 * operands a quiet one wins over a signalling one, then the larger significand; the default NaN is positive.
 */
final class SoftFloat {

    /** Roundings, numbered as in FPCR's DYN field. */
    static final int CHOPPED = 0, MINUS = 1, NORMAL = 2, PLUS = 3;

    /** Precision of a format. */
    enum Precision {
        /** S_floating. */
        SINGLE(23, 127),
        /** T_floating. */
        DOUBLE(52, 1023);

        final int fraction;
        final int bias;
        final int drop;

        Precision(int fraction, int bias) {
            this.fraction = fraction;
            this.bias = bias;
            drop = POINT - fraction;
        }

        private int maximum() {
            return 2 * bias + 1;
        }

        private long pack(boolean negative, long exponent, long fractionBits) {
            long sign = negative ? 1L << (this == SINGLE ? 31 : 63) : 0;
            return sign | exponent << fraction | fractionBits & (1L << fraction) - 1;
        }
    }

    private enum Kind {
        ZERO, FINITE, INFINITY, QUIET, SIGNALLING
    }

    /** Bit of a significand that stands for 1: there is one bit above it, for carries, and guard bits below. */
    private static final int POINT = 62;
    private static final long ONE = 1L << POINT;

    /** A number taken apart: {@code significand * 2^(exponent - POINT)}; of a NaN the significand is the fraction. */
    private static final class Number {
        Kind kind;
        boolean negative;
        int exponent;
        long significand;

        boolean nan() {
            return kind == Kind.QUIET || kind == Kind.SIGNALLING;
        }
    }

    int rounding = NORMAL;
    boolean flushResults;
    boolean flushOperands;
    /** Exceptions of the last operation, as bits of FPCR. */
    long exceptions;

    private final Number a = new Number();
    private final Number b = new Number();

    long add(long x, long y, Precision p) {
        unpack(a, x, p);
        unpack(b, y, p);
        return sum(p);
    }

    long subtract(long x, long y, Precision p) {
        unpack(a, x, p);
        unpack(b, y, p);
        // The sign of a NaN is not a sign.
        b.negative ^= !b.nan();
        return sum(p);
    }

    private long sum(Precision p) {
        if (a.nan() || b.nan()) {
            return nan(p);
        }
        if (a.kind == Kind.INFINITY || b.kind == Kind.INFINITY) {
            if (a.kind == b.kind && a.negative != b.negative) {
                return invalid(p);
            }
            return p.pack(a.kind == Kind.INFINITY ? a.negative : b.negative, p.maximum(), 0);
        }
        if (a.kind == Kind.ZERO && b.kind == Kind.ZERO) {
            return p.pack(a.negative == b.negative ? a.negative : rounding == MINUS, 0, 0);
        }
        if (a.kind == Kind.ZERO) {
            return round(b.negative, b.exponent, b.significand, p);
        }
        if (b.kind == Kind.ZERO) {
            return round(a.negative, a.exponent, a.significand, p);
        }
        int exponent = Math.max(a.exponent, b.exponent);
        long x = jam(a.significand, exponent - a.exponent);
        long y = jam(b.significand, exponent - b.exponent);
        if (a.negative == b.negative) {
            long sum = x + y;
            return sum >= 0
                    ? round(a.negative, exponent, sum, p)
                    : round(a.negative, exponent + 1, sum >>> 1 | sum & 1, p);
        }
        long difference = x - y;
        if (difference == 0) {
            return p.pack(rounding == MINUS, 0, 0);
        }
        boolean negative = difference > 0 ? a.negative : b.negative;
        difference = Math.abs(difference);
        int shift = Long.numberOfLeadingZeros(difference) - 1;
        return round(negative, exponent - shift, difference << shift, p);
    }

    long multiply(long x, long y, Precision p) {
        unpack(a, x, p);
        unpack(b, y, p);
        if (a.nan() || b.nan()) {
            return nan(p);
        }
        boolean negative = a.negative ^ b.negative;
        boolean zero = a.kind == Kind.ZERO || b.kind == Kind.ZERO;
        if (a.kind == Kind.INFINITY || b.kind == Kind.INFINITY) {
            return zero ? invalid(p) : p.pack(negative, p.maximum(), 0);
        }
        if (zero) {
            return p.pack(negative, 0, 0);
        }
        // The product of two numbers in [2^62, 2^63) has its leading bit at 124 or 125.
        long high = Math.multiplyHigh(a.significand, b.significand);
        long low = a.significand * b.significand;
        int shift = high < 1L << 61 ? 2 : 1;
        long significand = high << shift | low >>> 64 - shift | (low << shift != 0 ? 1 : 0);
        return round(negative, a.exponent + b.exponent + (2 - shift), significand, p);
    }

    long divide(long x, long y, Precision p) {
        unpack(a, x, p);
        unpack(b, y, p);
        if (a.nan() || b.nan()) {
            return nan(p);
        }
        boolean negative = a.negative ^ b.negative;
        if (a.kind == b.kind && a.kind != Kind.FINITE) {
            return invalid(p);
        }
        if (a.kind == Kind.INFINITY || b.kind == Kind.ZERO) {
            if (a.kind == Kind.FINITE) {
                exceptions |= FloatingPoint.DZE;
            }
            return p.pack(negative, p.maximum(), 0);
        }
        if (a.kind == Kind.ZERO || b.kind == Kind.INFINITY) {
            return p.pack(negative, 0, 0);
        }
        int exponent = a.exponent - b.exponent;
        // Significands have 53 bits at most, so ten bits of the quotient can be had at a time.
        long divisor = b.significand >>> 10;
        long rest = a.significand >>> 10;
        if (rest < divisor) {
            rest <<= 1;
            exponent--;
        }
        rest -= divisor;
        long quotient = 1;
        for (int bits = POINT; bits > 0; bits -= 10) {
            int step = Math.min(bits, 10);
            rest <<= step;
            quotient = quotient << step | rest / divisor;
            rest %= divisor;
        }
        return round(negative, exponent, quotient | (rest != 0 ? 1 : 0), p);
    }

    long squareRoot(long x, Precision p) {
        unpack(a, x, p);
        if (a.nan()) {
            a.kind = quieten(a.kind);
            return p.pack(a.negative, p.maximum(), a.significand >>> p.drop | 1L << p.fraction - 1);
        }
        if (a.kind == Kind.ZERO) {
            return p.pack(a.negative, 0, 0);
        }
        if (a.negative) {
            return invalid(p);
        }
        if (a.kind == Kind.INFINITY) {
            return p.pack(false, p.maximum(), 0);
        }
        // The host's root is within half a unit of the last place; the exact residual tells on which side.
        int odd = a.exponent & 1;
        double value = (a.significand >>> 10) * 0x1p-52 * (1 + odd);
        double root = Math.sqrt(value);
        double residual = Math.fma(-root, root, value);
        long significand = (long) (root * 0x1p52) << 10;
        significand += residual > 0 ? 1 : residual < 0 ? -1 : 0;
        return round(false, a.exponent - odd >> 1, significand, p);
    }

    /** Double to single precision. */
    long narrow(long x) {
        unpack(a, x, Precision.DOUBLE);
        return convert(Precision.SINGLE);
    }

    /** Single to double precision. */
    long widen(long x) {
        unpack(a, x, Precision.SINGLE);
        return convert(Precision.DOUBLE);
    }

    private long convert(Precision p) {
        return switch (a.kind) {
            case ZERO -> p.pack(a.negative, 0, 0);
            case INFINITY -> p.pack(a.negative, p.maximum(), 0);
            case FINITE -> round(a.negative, a.exponent, a.significand, p);
            case QUIET, SIGNALLING -> {
                a.kind = quieten(a.kind);
                yield p.pack(a.negative, p.maximum(), a.significand >>> p.drop | 1L << p.fraction - 1);
            }
        };
    }

    /** Integer to floating. */
    long fromInteger(long x, Precision p) {
        exceptions = 0;
        if (x == 0) {
            return 0;
        }
        long magnitude = Math.abs(x);
        if (magnitude < 0) {
            return round(true, 63, ONE, p);
        }
        int shift = Long.numberOfLeadingZeros(magnitude) - 1;
        return round(x < 0, POINT - shift, magnitude << shift, p);
    }

    /** Double to integer; what does not fit is cut to its low 64 bits (AARM 4.10.9, CVTTQ). */
    long toInteger(long x) {
        unpack(a, x, Precision.DOUBLE);
        if (a.kind != Kind.FINITE) {
            exceptions |= a.kind == Kind.ZERO ? 0 : FloatingPoint.INV;
            return 0;
        }
        long magnitude;
        if (a.exponent >= POINT) {
            int shift = a.exponent - POINT;
            magnitude = shift < 64 ? a.significand << shift : 0;
            boolean least = a.negative && a.exponent == 63 && a.significand == ONE;
            if (a.exponent > POINT && !least) {
                exceptions |= FloatingPoint.IOV | FloatingPoint.INE;
            }
        } else {
            // The fraction part at the top of a word, its lost bits jammed; then as if POINT were at 62 again.
            int drop = POINT - a.exponent;
            long whole = drop > 63 ? 0 : a.significand >>> drop;
            long rest = drop > 63 ? 1 : a.significand << 64 - drop;
            magnitude = whole + (rest == 0 ? 0 : increment(whole, rest));
        }
        return a.negative ? -magnitude : magnitude;
    }

    private long increment(long whole, long rest) {
        exceptions |= FloatingPoint.INE;
        boolean up = switch (rounding) {
            case NORMAL -> rest < 0 && ((rest << 1) != 0 || (whole & 1) != 0);
            case PLUS -> !a.negative;
            case MINUS -> a.negative;
            default -> false;
        };
        return up ? 1 : 0;
    }

    private void unpack(Number n, long bits, Precision p) {
        if (n == a) {
            exceptions = 0;
        }
        int exponent = (int) (bits >>> p.fraction) & p.maximum();
        long fraction = bits & (1L << p.fraction) - 1;
        n.negative = p == Precision.SINGLE ? (int) bits < 0 : bits < 0;
        n.significand = fraction << p.drop;
        if (exponent == p.maximum()) {
            n.kind = fraction == 0
                    ? Kind.INFINITY
                    : fraction >>> p.fraction - 1 == 0 ? Kind.SIGNALLING : Kind.QUIET;
        } else if (exponent != 0) {
            n.kind = Kind.FINITE;
            n.exponent = exponent - p.bias;
            n.significand |= ONE;
        } else if (fraction == 0 || flushOperands) {
            n.kind = Kind.ZERO;
        } else {
            n.kind = Kind.FINITE;
            int shift = Long.numberOfLeadingZeros(n.significand) - 1;
            n.exponent = 1 - p.bias - shift;
            n.significand <<= shift;
        }
    }

    private Kind quieten(Kind kind) {
        if (kind == Kind.SIGNALLING) {
            exceptions |= FloatingPoint.INV;
        }
        return Kind.QUIET;
    }

    private long invalid(Precision p) {
        exceptions |= FloatingPoint.INV;
        return p.pack(false, p.maximum(), 1L << p.fraction - 1);
    }

    private long nan(Precision p) {
        Number chosen;
        if (!b.nan()) {
            chosen = a;
        } else if (!a.nan()) {
            chosen = b;
        } else if (a.kind != b.kind) {
            chosen = a.kind == Kind.QUIET ? a : b;
        } else if (a.significand != b.significand) {
            chosen = a.significand > b.significand ? a : b;
        } else {
            chosen = a.negative ? b : a;
        }
        quieten(a.kind);
        quieten(b.kind);
        return p.pack(chosen.negative, p.maximum(), chosen.significand >>> p.drop | 1L << p.fraction - 1);
    }

    /** Shifts right; the lowest bit tells whether bits were lost. */
    private static long jam(long significand, int shift) {
        if (shift == 0) {
            return significand;
        }
        return shift > 63 ? 1 : significand >>> shift | (significand << 64 - shift != 0 ? 1 : 0);
    }

    /** What to add before bits below {@code p.drop} are cut. */
    private long increment(boolean negative, long significand, Precision p) {
        long last = 1L << p.drop;
        return switch (rounding) {
            case NORMAL -> (last >> 1) - 1 + (significand >>> p.drop & 1);
            case PLUS -> negative ? 0 : last - 1;
            case MINUS -> negative ? last - 1 : 0;
            default -> 0;
        };
    }

    private long round(boolean negative, int exponent, long significand, Precision p) {
        int biased = exponent + p.bias;
        if (biased <= 0) {
            return roundTiny(negative, biased, significand, p);
        }
        if ((significand & (1L << p.drop) - 1) != 0) {
            exceptions |= FloatingPoint.INE;
        }
        long rounded = significand + increment(negative, significand, p);
        if (rounded < 0) {
            rounded >>>= 1;
            biased++;
        }
        if (biased < p.maximum()) {
            return p.pack(negative, biased, rounded >>> p.drop);
        }
        exceptions |= FloatingPoint.OVF | FloatingPoint.INE;
        boolean infinite = rounding == NORMAL || rounding == (negative ? MINUS : PLUS);
        return infinite ? p.pack(negative, p.maximum(), 0) : p.pack(negative, p.maximum() - 1, -1);
    }

    private long roundTiny(boolean negative, int biased, long significand, Precision p) {
        if (flushResults) {
            return p.pack(negative, 0, 0);
        }
        // Not tiny if rounding, were the exponent unbounded, would make it the least normal number.
        boolean tiny = biased < 0 || significand + increment(negative, significand, p) >= 0;
        long shifted = jam(significand, 1 - biased);
        if ((shifted & (1L << p.drop) - 1) != 0) {
            exceptions |= FloatingPoint.INE | (tiny ? FloatingPoint.UNF : 0);
        }
        long rounded = shifted + increment(negative, shifted, p) >>> p.drop;
        // A carry out of the fraction is the exponent of the least normal number.
        return p.pack(negative, rounded >>> p.fraction, rounded);
    }
}
