package hw.alpha.translator;

import hw.alpha.isa.Decoder;
import hw.alpha.isa.Op;

/**
 * What is known of the values of integer registers before each instruction of a region, for all ways that lead there: whether
 * the magnitude is below 2 to the power 62, so that differences do not overflow, and whether the value is not negative. By
 * forward propagation over the region; nothing is known where it is entered or where a call comes back. Immutable once made.
 */
final class Ranges {

    private static final int SMALL = 1, POSITIVE = 2;
    private static final int BOTH = SMALL | POSITIVE;
    private static final long ZERO = 1L << 31;

    /** Per instruction, a bit a register; what was not reached yet is all ones. */
    private final long[] small;
    private final long[] positive;
    private final RegionShape shape;

    Ranges(RegionShape shape) {
        this.shape = shape;
        small = new long[shape.size()];
        positive = new long[shape.size()];
        java.util.Arrays.fill(small, -1);
        java.util.Arrays.fill(positive, -1);
        meet(shape.first(), ZERO, ZERO);
        boolean changed = true;
        while (changed) {
            changed = false;
            for (int i = 0; i < small.length; i++) {
                changed |= spread(i);
            }
        }
    }

    private boolean spread(int i) {
        int known = known(i, shape.decoded[i]);
        int to = Decoder.destination(shape.decoded[i]);
        long bit = to < 31 ? 1L << to : 0;
        long s = (known & SMALL) != 0 ? small[i] | bit : small[i] & ~bit;
        long p = (known & POSITIVE) != 0 ? positive[i] | bit : positive[i] & ~bit;
        return switch (shape.flows[i]) {
            case NEXT -> meet(shape.next[i], s, p);
            case BRANCH, INLINED_CALL, INLINED_RETURN -> meet(shape.targets[i], s, p);
            case CONDITION -> meet(shape.targets[i], s, p) | meet(shape.next[i], s, p);
            case CALL, CALL_REGISTER -> meet(shape.next[i], ZERO, ZERO);
            case JUMP, RETURN -> {
                boolean any = false;
                for (int target : shape.jumpPositions[i]) {
                    any |= meet(target, s, p);
                }
                yield any;
            }
            case LEAVE -> false;
        };
    }

    private boolean meet(int position, long s, long p) {
        if (position < 0 || (small[position] & ~s) == 0 && (positive[position] & ~p) == 0) {
            return false;
        }
        small[position] &= s;
        positive[position] &= p;
        return true;
    }

    /** Whether a register's value is in [-2^62, 2^62) before the instruction at a position. */
    boolean small(int position, int register) {
        return (of(position, register) & SMALL) != 0;
    }

    /** Whether a register's value is not negative before the instruction at a position. */
    boolean positive(int position, int register) {
        return (of(position, register) & POSITIVE) != 0;
    }

    private int of(int i, int register) {
        if (register >= Decoder.LITERALS) {
            return BOTH;
        }
        if (register > 31) {
            return 0;
        }
        return (int) (small[i] >>> register & 1) * SMALL | (int) (positive[i] >>> register & 1) * POSITIVE;
    }

    /** What is known of an instruction's result. */
    private int known(int i, long decoded) {
        int first = Decoder.first(decoded);
        int second = Decoder.second(decoded);
        int a = of(i, first);
        int b = of(i, second);
        int literal = second >= Decoder.LITERALS ? second - Decoder.LITERALS : -1;
        return switch (Decoder.operation(decoded)) {
            case Op.LDBU, Op.LDWU, Op.CMPEQ, Op.CMPLT, Op.CMPLE, Op.CMPULT, Op.CMPULE, Op.CMPBGE, Op.EXTBL, Op.EXTWL,
                    Op.EXTLL,
                    Op.CTPOP, Op.CTLZ, Op.CTTZ ->
                BOTH;
            case Op.LDL, Op.ADDL, Op.SUBL, Op.MULL, Op.S4ADDL, Op.S4SUBL, Op.S8ADDL, Op.S8SUBL, Op.SEXTB, Op.SEXTW ->
                SMALL;
            // A constant; the immediate of LDAH is shifted already.
            case Op.LDA -> second == 31 ? Decoder.immediate(decoded) < 0 ? SMALL : BOTH : 0;
            case Op.AND -> (a & POSITIVE) == 0 ? (b & POSITIVE) == 0 ? a & b : b : (b & POSITIVE) == 0 ? a : a | b;
            case Op.BIS, Op.XOR -> a & b;
            case Op.SRL -> literal >= 2 && literal < 64 ? BOTH : literal == 1 ? POSITIVE : 0;
            case Op.SRA -> a | (literal >= 1 && literal < 64 ? SMALL : 0);
            case Op.ZAPNOT -> literal >= 0 && (literal & 0x80) == 0 ? BOTH : 0;
            case Op.CMOVEQ, Op.CMOVNE, Op.CMOVLT, Op.CMOVLE, Op.CMOVGE, Op.CMOVGT, Op.CMOVLBC, Op.CMOVLBS ->
                b & (Decoder.destination(decoded) < 31 ? of(i, Decoder.destination(decoded)) : 0);
            default -> 0;
        };
    }
}
