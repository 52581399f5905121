package hw.alpha.cpu;

import hw.alpha.isa.Decoder;
import hw.alpha.isa.Model;
import hw.alpha.isa.Op;
import hw.alpha.translator.Multimedia;
import kernel.core.machine.ProcessorTrap;

/** Integer instructions that are too rare for the main loop. Stateless. */
final class IntegerOperation {

    /** Exception summary: integer overflow (AARM II-A 6.2, EXC_SUM). */
    private static final long OVERFLOW = 1 << 6;

    private IntegerOperation() {}

    static boolean perform(AlphaContext context, long instruction) {
        long[] r = context.registers;
        long a = r[Decoder.first(instruction)];
        long b = r[Decoder.second(instruction)];
        long result;
        switch (Decoder.operation(instruction)) {
            case Op.ADDLV -> {
                result = (int) a + (int) b;
                if (result != (long) (int) a + (int) b) {
                    return overflow(context);
                }
            }
            case Op.SUBLV -> {
                result = (int) a - (int) b;
                if (result != (long) (int) a - (int) b) {
                    return overflow(context);
                }
            }
            case Op.MULLV -> {
                result = (int) a * (int) b;
                if (result != (long) (int) a * (int) b) {
                    return overflow(context);
                }
            }
            case Op.ADDQV -> {
                result = a + b;
                if (((a ^ result) & (b ^ result)) < 0) {
                    return overflow(context);
                }
            }
            case Op.SUBQV -> {
                result = a - b;
                if (((a ^ b) & (a ^ result)) < 0) {
                    return overflow(context);
                }
            }
            case Op.MULQV -> {
                result = a * b;
                if (Math.multiplyHigh(a, b) != result >> 63) {
                    return overflow(context);
                }
            }
            case Op.AMASK -> result = b & ~Model.current().architecture();
            case Op.IMPLVER -> result = Model.current().implementation();
            default -> {
                if (!Multimedia.is(Decoder.operation(instruction))) {
                    return Rare.illegal(context);
                }
                result = Multimedia.perform(Decoder.operation(instruction), a, b);
            }
        }
        r[Decoder.destination(instruction)] = result;
        return true;
    }

    private static boolean overflow(AlphaContext context) {
        context.trap(ProcessorTrap.Kind.ARITHMETIC, OVERFLOW);
        return false;
    }
}
