package hw.alpha.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import hw.alpha.cpu.VaxFloat.Format;
import java.math.BigInteger;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** VAX arithmetic beside the same on fractions of integers of any length, rounded as the manual says. */
class VaxFloatTest {

    private static final long SEED = 20261123;
    private static final int COUNT = 200_000;

    private final Random random = new Random(SEED);
    private final VaxFloat unit = new VaxFloat();

    /** A fraction {@code numerator / denominator}; the denominator is positive. */
    private record Fraction(BigInteger numerator, BigInteger denominator) {

        static Fraction of(BigInteger integer, int power) {
            return power >= 0
                    ? new Fraction(integer.shiftLeft(power), BigInteger.ONE)
                    : new Fraction(integer, BigInteger.ONE.shiftLeft(-power));
        }

        Fraction plus(Fraction other, int sign) {
            return new Fraction(numerator.multiply(other.denominator)
                    .add(other.numerator.multiply(denominator).multiply(BigInteger.valueOf(sign))),
                    denominator.multiply(other.denominator));
        }

        Fraction times(Fraction other) {
            return new Fraction(numerator.multiply(other.numerator), denominator.multiply(other.denominator));
        }

        Fraction over(Fraction other) {
            BigInteger sign = BigInteger.valueOf(other.numerator.signum());
            return new Fraction(numerator.multiply(other.denominator).multiply(sign),
                    denominator.multiply(other.numerator.abs()));
        }
    }

    /** What a result must be: bits and exceptions. */
    private record Expected(long bits, long exceptions) {}

    private static Fraction value(long bits, Format f) {
        boolean d = f == Format.D;
        int width = d ? 55 : 52;
        int exponent = (int) (bits >>> width) & (d ? 0xFF : 0x7FF);
        if (exponent == 0) {
            return new Fraction(BigInteger.ZERO, BigInteger.ONE);
        }
        // AARM 2.2.5: the value is .1fraction times 2 to the exponent less its excess of 128 or 1024
        BigInteger significand = BigInteger.valueOf(bits & (1L << width) - 1 | 1L << width);
        Fraction magnitude = Fraction.of(significand, exponent - (d ? 128 : 1024) - width - 1);
        return bits < 0 ? new Fraction(magnitude.numerator.negate(), magnitude.denominator) : magnitude;
    }

    private static Expected round(Fraction value, Format f, boolean chopped) {
        int sign = value.numerator.signum();
        if (sign == 0) {
            return new Expected(0, 0);
        }
        int fraction = f == Format.F ? 23 : f == Format.G ? 52 : 55;
        BigInteger n = value.numerator.abs();
        int power = n.bitLength() - value.denominator.bitLength();
        if (scaled(n, value.denominator, -power).compareTo(BigInteger.ONE) < 0) {
            power--;
        }
        // twice as fine as the result, so that a half can be seen
        BigInteger fine = scaled(n, value.denominator, fraction + 1 - power);
        BigInteger rounded = (chopped ? fine : fine.add(BigInteger.ONE)).shiftRight(1);
        return pack(sign < 0, rounded, power, f, fraction);
    }

    private static Expected pack(boolean negative, BigInteger significand, int exponent, Format f, int fraction) {
        BigInteger rounded = significand;
        int power = exponent;
        if (rounded.bitLength() > fraction + 1) {
            rounded = rounded.shiftRight(1);
            power++;
        }
        int biased = power + 1 + (f == Format.G ? 1024 : 128);
        if (biased <= 0) {
            return new Expected(0, FloatingPoint.UNF);
        }
        if (biased > (f == Format.G ? 2047 : 255)) {
            return new Expected(0, FloatingPoint.OVF);
        }
        long bits = rounded.longValue() & (1L << fraction) - 1;
        long all = switch (f) {
            case F -> (long) (biased - 128 + 1024) << 52 | bits << 29;
            case G -> (long) biased << 52 | bits;
            case D -> (long) biased << 55 | bits;
        };
        return new Expected(negative ? all | Long.MIN_VALUE : all, 0);
    }

    /** {@code floor(n / d * 2^shift)}. */
    private static BigInteger scaled(BigInteger n, BigInteger d, int shift) {
        return shift >= 0 ? n.shiftLeft(shift).divide(d) : n.divide(d.shiftLeft(-shift));
    }

    private static Expected root(Fraction value, Format f, boolean chopped) {
        int fraction = f == Format.F ? 23 : 52;
        int power = Math.floorDiv(value.numerator.bitLength() - value.denominator.bitLength(), 2) + 1;
        while (scaled(value.numerator, value.denominator, -2 * power).signum() == 0) {
            power--;
        }
        BigInteger fine = scaled(value.numerator, value.denominator, 2 * (fraction + 1 - power)).sqrt();
        BigInteger rounded = (chopped ? fine : fine.add(BigInteger.ONE)).shiftRight(1);
        return pack(false, rounded, power, f, fraction);
    }

    /** A number of the format, often near others, at a limit, or with few bits. */
    private long number(Format f) {
        int width = f == Format.D ? 55 : 52;
        int exponents = f == Format.G ? 2047 : 255;
        int exponent = switch (random.nextInt(5)) {
            case 0 -> 1 + random.nextInt(3);
            case 1 -> exponents - random.nextInt(3);
            case 2 -> 1 + random.nextInt(exponents);
            default -> (exponents + 1) / 2 - 30 + random.nextInt(60);
        };
        long fraction = switch (random.nextInt(5)) {
            case 0 -> 0;
            case 1 -> -1;
            case 2 -> 1L << random.nextInt(width);
            case 3 -> random.nextLong() & random.nextLong() << random.nextInt(width);
            default -> random.nextLong();
        };
        fraction &= (1L << width) - 1;
        if (f == Format.F) {
            exponent += 1024 - 128;
            fraction &= -1L << 29;
        }
        long bits = random.nextInt(20) == 0 ? 0 : (long) exponent << width | fraction;
        return bits != 0 && random.nextBoolean() ? bits | Long.MIN_VALUE : bits;
    }

    /** Its neighbour, of either sign, so that sums cancel; or another number. */
    private long other(long x, Format f) {
        if (x << 1 == 0 || random.nextInt(4) != 0) {
            return number(f);
        }
        long last = f == Format.F ? 1L << 29 : 1;
        return x ^ random.nextInt(4) * last ^ (random.nextBoolean() ? Long.MIN_VALUE : 0);
    }

    private void expect(String what, long x, long y, Expected expected, long result) {
        String where = what + (unit.chopped ? "/C " : " ") + Long.toHexString(x) + " " + Long.toHexString(y);
        assertEquals(Long.toHexString(expected.exceptions), Long.toHexString(unit.exceptions), where);
        assertEquals(Long.toHexString(expected.bits), Long.toHexString(result), where);
    }

    @Test
    void arithmetic() {
        for (int i = 0; i < COUNT; i++) {
            unit.chopped = random.nextBoolean();
            boolean chopped = unit.chopped;
            Format f = random.nextBoolean() ? Format.F : Format.G;
            long x = number(f);
            long y = other(x, f);
            Fraction a = value(x, f);
            Fraction b = value(y, f);
            expect("ADD", x, y, round(a.plus(b, 1), f, chopped), unit.add(x, y, f));
            expect("SUB", x, y, round(a.plus(b, -1), f, chopped), unit.subtract(x, y, f));
            expect("MUL", x, y, round(a.times(b), f, chopped), unit.multiply(x, y, f));
            expect("DIV", x, y, y == 0 ? new Expected(0, FloatingPoint.DZE) : round(a.over(b), f, chopped),
                    unit.divide(x, y, f));
            expect("SQRT", x, 0, x == 0
                    ? new Expected(0, 0)
                    : x < 0
                            ? new Expected(0, FloatingPoint.INV)
                            : root(a, f, chopped),
                    unit.squareRoot(x, f));
            if (f == Format.G) {
                int order = a.plus(b, -1).numerator.signum();
                assertEquals(order, Integer.signum(unit.compare(x, y)));
            }
        }
    }

    @Test
    void conversions() {
        for (int i = 0; i < COUNT; i++) {
            unit.chopped = random.nextBoolean();
            for (Format from : new Format[]{Format.G, Format.D}) {
                Format to = from == Format.D ? Format.G : random.nextBoolean() ? Format.F : Format.D;
                long x = number(from);
                expect("CVT" + from + to, x, 0, round(value(x, from), to, unit.chopped), unit.convert(x, from, to));
            }
            long integer = random.nextLong() >> random.nextInt(64);
            for (Format to : new Format[]{Format.F, Format.G}) {
                expect("CVTQ" + to, integer, 0,
                        round(Fraction.of(BigInteger.valueOf(integer), 0), to, unit.chopped),
                        unit.fromInteger(integer, to));
            }
            long g = random.nextBoolean() ? number(Format.G) : unit.fromInteger(integer, Format.G);
            expect("CVTGQ", g, 0, integer(value(g, Format.G)), unit.toInteger(g));
        }
    }

    private Expected integer(Fraction value) {
        BigInteger twice = scaled(value.numerator.abs(), value.denominator, 1);
        BigInteger whole = (unit.chopped ? twice : twice.add(BigInteger.ONE)).shiftRight(1);
        BigInteger signed = value.numerator.signum() < 0 ? whole.negate() : whole;
        return new Expected(signed.longValue(), signed.bitLength() > 63 ? FloatingPoint.IOV : 0);
    }

    @Test
    void reservedOperandsAndDirtyZerosAreInvalid() {
        long one = 0x4010_0000_0000_0000L;
        for (long bad : new long[]{Long.MIN_VALUE, 1L << 40, Long.MIN_VALUE | 1L << 40}) {
            for (Format f : new Format[]{Format.F, Format.G}) {
                for (Runnable each : new Runnable[]{() -> unit.add(bad, one, f), () -> unit.add(one, bad, f),
                        () -> unit.subtract(one, bad, f), () -> unit.multiply(bad, 0, f),
                        () -> unit.divide(bad, 0, f), () -> unit.squareRoot(bad, f)}) {
                    each.run();
                    assertEquals(FloatingPoint.INV, unit.exceptions);
                }
            }
            unit.compare(one, bad);
            assertEquals(FloatingPoint.INV, unit.exceptions);
            unit.toInteger(bad);
            assertEquals(FloatingPoint.INV, unit.exceptions);
            unit.convert(bad, Format.D, Format.G);
            assertEquals(FloatingPoint.INV, unit.exceptions);
        }
    }

    @Test
    void valuesThatTheManualsNames() {
        unit.chopped = false;
        assertEquals(0x4010_0000_0000_0000L, unit.fromInteger(1, Format.G), "1.0 in G: exponent 1025");
        assertEquals(0x4010_0000_0000_0000L, unit.fromInteger(1, Format.F), "and in F");
        assertEquals(0x4080_0000_0000_0000L, unit.convert(unit.fromInteger(1, Format.G), Format.G, Format.D));
        // 16777217 is halfway between two F numbers: the larger one, where IEEE takes the even one
        assertEquals(unit.fromInteger(16_777_218, Format.G), unit.fromInteger(16_777_217, Format.F));
        unit.chopped = true;
        assertEquals(unit.fromInteger(16_777_216, Format.G), unit.fromInteger(16_777_217, Format.F));
    }
}
