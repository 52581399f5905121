package hw.alpha.cpu;

import hw.alpha.isa.Decoder;
import hw.alpha.isa.Model;
import hw.alpha.isa.Op;
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
            case Op.PERR -> result = pixelError(a, b);
            case Op.UNPKBW -> result = b & 0xFF | (b & 0xFF00) << 8 | (b & 0xFF0000) << 16 | (b & 0xFF000000L) << 24;
            case Op.UNPKBL -> result = b & 0xFF | (b & 0xFF00) << 24;
            case Op.PKWB -> result = b & 0xFF | b >>> 8 & 0xFF00 | b >>> 16 & 0xFF0000 | b >>> 24 & 0xFF000000L;
            case Op.PKLB -> result = b & 0xFF | b >>> 24 & 0xFF00;
            case Op.MINSB8, Op.MINSW4, Op.MINUB8, Op.MINUW4, Op.MAXUB8, Op.MAXUW4, Op.MAXSB8, Op.MAXSW4 ->
                result = extremes(
                        Decoder.operation(instruction), a, b);
            default -> {
                return Rare.illegal(context);
            }
        }
        r[Decoder.destination(instruction)] = result;
        return true;
    }

    private static boolean overflow(AlphaContext context) {
        context.trap(ProcessorTrap.Kind.ARITHMETIC, OVERFLOW);
        return false;
    }

    private static long pixelError(long a, long b) {
        long sum = 0;
        for (int shift = 0; shift < 64; shift += 8) {
            sum += Math.abs((a >>> shift & 0xFF) - (b >>> shift & 0xFF));
        }
        return sum;
    }

    private static long extremes(int operation, long a, long b) {
        int width = switch (operation) {
            case Op.MINSB8, Op.MINUB8, Op.MAXUB8, Op.MAXSB8 -> 8;
            default -> 16;
        };
        boolean signed = switch (operation) {
            case Op.MINSB8, Op.MINSW4, Op.MAXSB8, Op.MAXSW4 -> true;
            default -> false;
        };
        boolean least = switch (operation) {
            case Op.MINSB8, Op.MINSW4, Op.MINUB8, Op.MINUW4 -> true;
            default -> false;
        };
        long result = 0;
        for (int shift = 0; shift < 64; shift += width) {
            long x = a << 64 - width - shift;
            long y = b << 64 - width - shift;
            x = signed ? x >> 64 - width : x >>> 64 - width;
            y = signed ? y >> 64 - width : y >>> 64 - width;
            long chosen = least ? Math.min(x, y) : Math.max(x, y);
            result |= (chosen & (1L << width) - 1) << shift;
        }
        return result;
    }
}
