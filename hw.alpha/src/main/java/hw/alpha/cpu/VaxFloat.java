package hw.alpha.cpu;

/**
 * VAX arithmetic on numbers in register format (AARM 2.2.5, 4.7): F, G, and what conversions need of D. There is no infinity,
 * no denormal number and one zero; what else has exponent 0 is a reserved operand (negative) or a dirty zero, and
 * invalid (AARM 4.7.3). Set {@link #chopped} first; look at {@link #exceptions} afterwards, for a result that does not exist
 * is 0. Not thread-safe.
 */
final class VaxFloat {

    /** Formats. In registers an F number looks like a G number with the same value. */
    enum Format {
        /** F_floating: 8 bits of exponent, 23 of fraction. */
        F(23, 129, 255),
        /** G_floating: 11 bits of exponent, 52 of fraction. */
        G(52, 1025, 2047),
        /** D_floating: 8 bits of exponent, 55 of fraction. */
        D(55, 129, 255);

        private final int fraction;
        /** Excess over the exponent of a number whose significand is between 1 and 2: the hidden bit counts one half. */
        private final int excess;
        private final int maximum;

        Format(int fraction, int excess, int maximum) {
            this.fraction = fraction;
            this.excess = excess;
            this.maximum = maximum;
        }
    }

    /** Bit of a significand that stands for 1. */
    private static final int POINT = 62;
    private static final long ONE = 1L << POINT;

    /** A number taken apart: {@code significand * 2^(exponent - POINT)}, or zero if the significand is. */
    private static final class Number {
        boolean negative;
        int exponent;
        long significand;
    }

    /** Rounding: cut ({@code /C}); else to the nearest, the larger in magnitude of two that are equally near (AARM 4.7.5). */
    boolean chopped;
    /** Exceptions of the last operation, as bits of FPCR. VAX arithmetic does not tell of inexact results. */
    long exceptions;

    private final Number a = new Number();
    private final Number b = new Number();

    /** Takes both operands apart. @return whether both are numbers */
    private boolean operands(long x, long y, Format f) {
        exceptions = 0;
        return unpack(a, x, f) & unpack(b, y, f);
    }

    private boolean operand(long x, Format f) {
        exceptions = 0;
        return unpack(a, x, f);
    }

    private boolean unpack(Number n, long bits, Format f) {
        long x = f == Format.F ? Formats.fromF(Formats.toF(bits)) : bits; // the bits that F does not have are not looked at
        int width = f == Format.D ? 55 : 52;
        int exponent = (int) (x >>> width) & (f == Format.D ? 0xFF : 0x7FF);
        long fraction = x & (1L << width) - 1;
        n.negative = x < 0;
        if (exponent == 0) {
            n.significand = 0;
            if (x != 0) {
                exceptions |= FloatingPoint.INV;
                return false;
            }
            return true;
        }
        n.exponent = exponent - (f == Format.D ? Format.D.excess : Format.G.excess);
        n.significand = ONE | fraction << POINT - width;
        return true;
    }

    long add(long x, long y, Format f) {
        return operands(x, y, f) ? sum(f) : 0;
    }

    long subtract(long x, long y, Format f) {
        if (!operands(x, y, f)) {
            return 0;
        }
        b.negative = !b.negative;
        return sum(f);
    }

    private long sum(Format f) {
        if (a.significand == 0) {
            return round(b, f);
        }
        if (b.significand == 0) {
            return round(a, f);
        }
        int exponent = Math.max(a.exponent, b.exponent);
        long x = jam(a.significand, exponent - a.exponent);
        long y = jam(b.significand, exponent - b.exponent);
        if (a.negative == b.negative) {
            long sum = x + y;
            return sum >= 0
                    ? round(a.negative, exponent, sum, f)
                    : round(a.negative, exponent + 1, sum >>> 1 | sum & 1, f);
        }
        long difference = x - y;
        if (difference == 0) {
            return 0;
        }
        boolean negative = difference > 0 ? a.negative : b.negative;
        difference = Math.abs(difference);
        int shift = Long.numberOfLeadingZeros(difference) - 1;
        return round(negative, exponent - shift, difference << shift, f);
    }

    /** Shifts right; the lowest bit tells whether bits were lost. */
    private static long jam(long significand, int shift) {
        if (shift == 0) {
            return significand;
        }
        return shift > 63 ? 1 : significand >>> shift | (significand << 64 - shift != 0 ? 1 : 0);
    }

    long multiply(long x, long y, Format f) {
        if (!operands(x, y, f) || a.significand == 0 || b.significand == 0) {
            return 0;
        }
        long high = Math.multiplyHigh(a.significand, b.significand);
        long low = a.significand * b.significand;
        int shift = high < 1L << 61 ? 2 : 1;
        long significand = high << shift | low >>> 64 - shift | (low << shift != 0 ? 1 : 0);
        return round(a.negative ^ b.negative, a.exponent + b.exponent + (2 - shift), significand, f);
    }

    long divide(long x, long y, Format f) {
        if (!operands(x, y, f)) {
            return 0;
        }
        if (b.significand == 0) {
            exceptions |= FloatingPoint.DZE;
            return 0;
        }
        if (a.significand == 0) {
            return 0;
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
        return round(a.negative ^ b.negative, exponent, quotient | (rest != 0 ? 1 : 0), f);
    }

    long squareRoot(long x, Format f) {
        if (!operand(x, f) || a.significand == 0) {
            return 0;
        }
        if (a.negative) {
            exceptions |= FloatingPoint.INV;
            return 0;
        }
        // The host's root is within half a unit of the last place; the exact residual tells on which side.
        int odd = a.exponent & 1;
        double value = (a.significand >>> 10) * 0x1p-52 * (1 + odd);
        double root = Math.sqrt(value);
        double residual = Math.fma(-root, root, value);
        long significand = (long) (root * 0x1p52) << 10;
        significand += residual > 0 ? 1 : residual < 0 ? -1 : 0;
        return round(false, a.exponent - odd >> 1, significand, f);
    }

    /** Between formats. */
    long convert(long x, Format from, Format to) {
        return operand(x, from) ? round(a, to) : 0;
    }

    /** Integer to floating. */
    long fromInteger(long x, Format f) {
        exceptions = 0;
        if (x == 0) {
            return 0;
        }
        long magnitude = Math.abs(x);
        if (magnitude < 0) {
            return round(true, 63, ONE, f);
        }
        int shift = Long.numberOfLeadingZeros(magnitude) - 1;
        return round(x < 0, POINT - shift, magnitude << shift, f);
    }

    /** G to integer; what does not fit is cut to its low 64 bits (AARM 4.10, CVTGQ). */
    long toInteger(long x) {
        if (!operand(x, Format.G) || a.significand == 0) {
            return 0;
        }
        long magnitude;
        if (a.exponent >= POINT) {
            int shift = a.exponent - POINT;
            magnitude = shift < 64 ? a.significand << shift : 0;
            boolean least = a.negative && a.exponent == 63 && a.significand == ONE;
            exceptions |= a.exponent > POINT && !least ? FloatingPoint.IOV : 0;
        } else {
            int drop = POINT - a.exponent;
            magnitude = drop > 63 ? 0 : a.significand >>> drop;
            boolean half = drop <= 63 && (a.significand >>> drop - 1 & 1) != 0;
            magnitude += half && !chopped ? 1 : 0;
        }
        return a.negative ? -magnitude : magnitude;
    }

    /** Compares G numbers. @return negative, 0 or positive; valid if there is no exception */
    int compare(long x, long y) {
        if (!operands(x, y, Format.G)) {
            return 0;
        }
        // Like signed magnitudes, of which there is one zero.
        long left = x < 0 ? -(x & Long.MAX_VALUE) : x;
        long right = y < 0 ? -(y & Long.MAX_VALUE) : y;
        return Long.compare(left, right);
    }

    private long round(Number n, Format f) {
        return n.significand == 0 ? 0 : round(n.negative, n.exponent, n.significand, f);
    }

    private long round(boolean negative, int exponent, long significand, Format f) {
        int drop = POINT - f.fraction;
        long rounded = chopped ? significand : significand + (1L << drop - 1);
        int biased = exponent + f.excess;
        if (rounded < 0) {
            rounded >>>= 1;
            biased++;
        }
        if (biased <= 0) {
            exceptions |= FloatingPoint.UNF;
            return 0;
        }
        if (biased > f.maximum) {
            exceptions |= FloatingPoint.OVF;
            return 0;
        }
        long sign = negative ? Long.MIN_VALUE : 0;
        long fraction = rounded >>> drop & (1L << f.fraction) - 1;
        return sign | switch (f) {
            case F -> (long) (biased - Format.F.excess + Format.G.excess) << 52 | fraction << 52 - f.fraction;
            case G -> (long) biased << 52 | fraction;
            case D -> (long) biased << 55 | fraction;
        };
    }
}
