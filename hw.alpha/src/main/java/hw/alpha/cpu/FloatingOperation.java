package hw.alpha.cpu;

import hw.alpha.cpu.SoftFloat.Precision;
import hw.alpha.isa.Decoder;
import hw.alpha.isa.Op;
import kernel.core.machine.ProcessorTrap;

/**
 * Floating-point operate instructions that the main loop leaves to others, in full generality (AARM 4.7, 4.10). An instruction without {@code /S} traps for
 * operands that are not finite and for denormal ones; one with {@code /S} is completed as an operating system would.
 * Stateless.
 */
final class FloatingOperation {

    /** Qualifiers in function codes: underflow (or integer overflow), inexact, software completion. */
    private static final int UNDERFLOW = 0x100, INEXACT = 0x200, SOFTWARE = 0x400;
    /** Exception summary, EXC_SUM: software completion; the others are FPCR's bits moved down. */
    private static final int SUMMARY_SHIFT = 51;
    private static final long TRUE = 0x4000_0000_0000_0000L;
    private static final long EXPONENT = 0x7FF0_0000_0000_0000L;
    private static final long FRACTION = 0x000F_FFFF_FFFF_FFFFL;

    private FloatingOperation() {}

    static boolean perform(AlphaContext context, long instruction) {
        long[] r = context.registers;
        long x = r[Decoder.first(instruction)];
        long y = r[Decoder.second(instruction)];
        int to = Decoder.destination(instruction);
        switch (Decoder.operation(instruction)) {
            case Op.CPYSE -> r[to] = x & ~FRACTION | y & FRACTION;
            case Op.CVTLQ -> r[to] = Formats.longwordToQuadword(y);
            case Op.MF_FPCR -> r[to] = context.floating.control();
            case Op.MT_FPCR -> context.floating.setControl(x);
            case Op.ITOFS -> r[to] = Formats.fromS((int) x);
            case Op.ITOFF -> r[to] = Formats.fromF((int) x << 16 | (int) x >>> 16);
            case Op.FTOIS -> r[to] = Formats.toS(x);
            default -> {
                return arithmetic(context, instruction, x, y);
            }
        }
        return true;
    }

    private static boolean arithmetic(AlphaContext context, long instruction, long x, long y) {
        int operation = Decoder.operation(instruction);
        int function = Decoder.immediate(instruction);
        boolean compare = operation >= Op.CMPTUN && operation <= Op.CMPTLE;
        if ((function & SOFTWARE) == 0 && floatingOperand(operation)) {
            boolean two = operation <= Op.CMPTLE;
            if (two && rejected(context, x, compare) || rejected(context, y, compare)) {
                context.trap(ProcessorTrap.Kind.ARITHMETIC, FloatingPoint.INV >>> SUMMARY_SHIFT);
                return false;
            }
        }
        FloatingPoint state = context.floating;
        SoftFloat unit = context.soft;
        unit.rounding = state.rounding(function);
        unit.flushOperands = state.denormalsAreZero();
        unit.flushResults = (function & UNDERFLOW) == 0 || state.underflowToZero();
        long result = compare ? compare(unit, operation, x, y) : compute(unit, operation, x, y);
        boolean fromInteger = operation == Op.CVTQS || operation == Op.CVTQT;
        if (unit.exceptions != 0 && !(fromInteger && (function & INEXACT) == 0)) {
            long trapping = record(state, function, unit.exceptions);
            if (trapping != 0) {
                context.trap(ProcessorTrap.Kind.ARITHMETIC, trapping);
                return false;
            }
        }
        context.registers[Decoder.destination(instruction)] = result;
        return true;
    }

    private static boolean floatingOperand(int operation) {
        return switch (operation) {
            case Op.CVTQS, Op.CVTQT, Op.CVTQL, Op.CVTQLV, Op.CVTQLSV -> false;
            default -> true;
        };
    }

    /** Whether an instruction without software completion traps for an operand. */
    private static boolean rejected(AlphaContext context, long operand, boolean compare) {
        long exponent = operand & EXPONENT;
        boolean fraction = (operand & FRACTION) != 0;
        if (exponent == 0) {
            return fraction;
        }
        if (exponent == EXPONENT && (fraction || !compare)) {
            context.floating.record(FloatingPoint.INV);
            return true;
        }
        return false;
    }

    /**
     * Records exceptions in FPCR as the qualifiers want it.
     *
     * @return exception summary of those that trap, or 0
     */
    private static long record(FloatingPoint state, int function, long exceptions) {
        long wanted = exceptions;
        if ((function & UNDERFLOW) == 0) {
            wanted &= ~(FloatingPoint.UNF | FloatingPoint.IOV);
        }
        if ((function & INEXACT) == 0) {
            wanted &= ~FloatingPoint.INE;
        }
        if ((function & SOFTWARE) == 0) {
            state.record(exceptions);
            return wanted >>> SUMMARY_SHIFT;
        }
        state.record(wanted);
        long trapping = state.enabled(wanted);
        return trapping == 0 ? 0 : trapping >>> SUMMARY_SHIFT | 1;
    }

    private static long compute(SoftFloat unit, int operation, long x, long y) {
        Precision s = Precision.SINGLE;
        Precision t = Precision.DOUBLE;
        return switch (operation) {
            case Op.ADDS -> single(unit.add(Formats.toS(x), Formats.toS(y), s));
            case Op.SUBS -> single(unit.subtract(Formats.toS(x), Formats.toS(y), s));
            case Op.MULS -> single(unit.multiply(Formats.toS(x), Formats.toS(y), s));
            case Op.DIVS -> single(unit.divide(Formats.toS(x), Formats.toS(y), s));
            case Op.ADDT -> unit.add(x, y, t);
            case Op.SUBT -> unit.subtract(x, y, t);
            case Op.MULT -> unit.multiply(x, y, t);
            case Op.DIVT -> unit.divide(x, y, t);
            case Op.SQRTS -> single(unit.squareRoot(Formats.toS(y), s));
            case Op.SQRTT -> unit.squareRoot(y, t);
            case Op.CVTTS -> single(unit.narrow(y));
            case Op.CVTST, Op.CVTSTS -> unit.widen(Formats.toS(y));
            case Op.CVTQS -> single(unit.fromInteger(y, s));
            case Op.CVTQT -> unit.fromInteger(y, t);
            case Op.CVTTQ -> unit.toInteger(y);
            case Op.CVTQL, Op.CVTQLV, Op.CVTQLSV -> {
                unit.exceptions = y == (int) y ? 0 : FloatingPoint.IOV | FloatingPoint.INE;
                yield Formats.quadwordToLongword(y);
            }
            default -> throw new IllegalStateException("operation " + operation);
        };
    }

    private static long single(long bits) {
        return Formats.fromS((int) bits);
    }

    private static long compare(SoftFloat unit, int operation, long left, long right) {
        double x = operand(unit, left);
        double y = operand(unit, right);
        boolean ordered = operation == Op.CMPTLT || operation == Op.CMPTLE;
        boolean unordered = Double.isNaN(x) || Double.isNaN(y);
        unit.exceptions = unordered && (ordered || signalling(left) || signalling(right)) ? FloatingPoint.INV : 0;
        boolean result = switch (operation) {
            case Op.CMPTUN -> unordered;
            case Op.CMPTEQ -> x == y;
            case Op.CMPTLT -> x < y;
            default -> x <= y;
        };
        return result ? TRUE : 0;
    }

    private static double operand(SoftFloat unit, long bits) {
        return unit.flushOperands && (bits & EXPONENT) == 0 ? 0 : Double.longBitsToDouble(bits);
    }

    private static boolean signalling(long bits) {
        return (bits & EXPONENT) == EXPONENT && (bits & FRACTION) != 0 && (bits & 1L << 51) == 0;
    }
}
