package hw.alpha.cpu;

import hw.alpha.cpu.VaxFloat.Format;
import hw.alpha.isa.Decoder;
import hw.alpha.isa.Op;
import kernel.core.machine.ProcessorTrap;

/**
 * VAX floating-point operate instructions (AARM 4.7, 4.10; function codes: appendix C). Overflow, division by
 * zero and invalid operands always trap, underflow with {@code /U} only, integer overflow with {@code /V} only. With
 * {@code /S} the trap says that software may complete the instruction, which Linux does not for VAX formats. Stateless.
 */
final class VaxOperation {

    /** Qualifiers in function codes: rounding, underflow (or integer overflow), inexact, software completion. */
    private static final int ROUNDING = 0xC0, UNDERFLOW = 0x100, INEXACT = 0x200, SOFTWARE = 0x400;
    private static final int CHOPPED = 0, NORMAL = 0x80;
    /** Exception summary, EXC_SUM: FPCR's bits moved down. */
    private static final int SUMMARY_SHIFT = 51;
    /** 0.5, as comparisons answer. */
    private static final long TRUE = 0x4000_0000_0000_0000L;

    private VaxOperation() {}

    static boolean perform(AlphaContext context, long instruction) {
        int operation = Decoder.operation(instruction);
        int function = Decoder.immediate(instruction);
        if (!legal(operation, function)) {
            return Rare.illegal(context);
        }
        VaxFloat unit = new VaxFloat();
        unit.chopped = (function & ROUNDING) == CHOPPED;
        long[] r = context.registers;
        long result = compute(unit, operation, r[Decoder.first(instruction)], r[Decoder.second(instruction)]);
        if (unit.exceptions != 0) {
            context.floating.record(unit.exceptions);
            long trapping = (function & UNDERFLOW) != 0
                    ? unit.exceptions
                    : unit.exceptions & ~(FloatingPoint.UNF | FloatingPoint.IOV);
            if (trapping != 0) {
                context.trap(ProcessorTrap.Kind.ARITHMETIC,
                        trapping >>> SUMMARY_SHIFT | ((function & SOFTWARE) != 0 ? 1 : 0));
                return false;
            }
        }
        r[Decoder.destination(instruction)] = result;
        return true;
    }

    /** Whether there is such a function code; other qualifiers are those of IEEE instructions. */
    private static boolean legal(int operation, int function) {
        int rounding = function & ROUNDING;
        boolean known = (rounding == CHOPPED || rounding == NORMAL) && (function & INEXACT) == 0;
        return known && switch (operation) {
            case Op.CMPGEQ, Op.CMPGLT, Op.CMPGLE -> rounding == NORMAL && (function & UNDERFLOW) == 0;
            case Op.CVTQF, Op.CVTQG -> (function & (UNDERFLOW | SOFTWARE)) == 0;
            default -> true;
        };
    }

    private static long compute(VaxFloat unit, int operation, long x, long y) {
        return switch (operation) {
            case Op.ADDF -> unit.add(x, y, Format.F);
            case Op.SUBF -> unit.subtract(x, y, Format.F);
            case Op.MULF -> unit.multiply(x, y, Format.F);
            case Op.DIVF -> unit.divide(x, y, Format.F);
            case Op.SQRTF -> unit.squareRoot(y, Format.F);
            case Op.ADDG -> unit.add(x, y, Format.G);
            case Op.SUBG -> unit.subtract(x, y, Format.G);
            case Op.MULG -> unit.multiply(x, y, Format.G);
            case Op.DIVG -> unit.divide(x, y, Format.G);
            case Op.SQRTG -> unit.squareRoot(y, Format.G);
            case Op.CVTDG -> unit.convert(y, Format.D, Format.G);
            case Op.CVTGD -> unit.convert(y, Format.G, Format.D);
            case Op.CVTGF -> unit.convert(y, Format.G, Format.F);
            case Op.CVTQF -> unit.fromInteger(y, Format.F);
            case Op.CVTQG -> unit.fromInteger(y, Format.G);
            case Op.CVTGQ -> unit.toInteger(y);
            case Op.CMPGEQ -> unit.compare(x, y) == 0 ? TRUE : 0;
            case Op.CMPGLT -> unit.compare(x, y) < 0 ? TRUE : 0;
            case Op.CMPGLE -> unit.compare(x, y) <= 0 ? TRUE : 0;
            default -> throw new IllegalStateException("operation " + operation);
        };
    }
}
