package hw.alpha.translator;

import hw.alpha.isa.Decoder;
import hw.alpha.isa.Op;

/**
 * Finds rotations of 32-bit values, and what is computed from them. The Alpha has none, so compilers shift an unsigned longword to both
 * sides and combine the results; only the low longword of that is ever used, by an ADDL in the end, but the second compiler has to
 * compute all 64 bits. Where such a rotation was found its low longword is computed by itself, in an {@code int}, which the second compiler
 * knows to be one instruction of the host's; all 64 bits are wanted only if the region is left there, and computed then.
 *
 * <p>Looks at one block after the other, forgetting all between them. Immutable once made.
 */
final class Rotations {

    /** How the low longword of a result comes about. */
    enum How {
        /** By rotating the low longword of a register to the left. */
        ROTATE,
        /** By the instruction's own operation, on low longwords. */
        OPERATE
    }

    /**
     * A result whose low longword is computed by itself.
     *
     * @param source register that is rotated
     * @param count bits by which it is, 1 to 31
     * @param first whether the low longword of the first operand was computed so
     * @param second the same of the second operand
     */
    record Low(How how, int source, int count, boolean first, boolean second) {}

    /** Integer registers, without r31. */
    private static final int REGISTERS = 31;
    private static final int LONGWORD = 0x0F;

    /** What a register has, but for {@code OTHER} for as long as its source's longword is what it was. */
    private enum Has {
        OTHER,
        /** A source whose low longword was shifted to the left. */
        LEFT,
        /** A source's low longword, and zeroes. */
        UNSIGNED,
        /** That, shifted to the right. */
        RIGHT
    }

    private final Low[] lows;

    // By register, where the block has come to.
    private final Has[] has = new Has[REGISTERS];
    private final int[] source = new int[REGISTERS];
    private final int[] count = new int[REGISTERS];
    /** Which longword the source had then. */
    private final int[] then = new int[REGISTERS];
    /** Changes with the low longword of a register. */
    private final int[] version = new int[REGISTERS];
    /** Whether its low longword was computed by itself. */
    private final boolean[] low = new boolean[REGISTERS];

    Rotations(RegionShape shape, RegionFlow flow) {
        lows = new Low[shape.size()];
        forget();
        for (int i = 0; i < lows.length; i++) {
            if (shape.leader[i]) {
                forget();
            }
            look(i, shape.decoded[i], flow.definitions[i]);
            boolean goesOn = shape.flows[i] == RegionShape.Flow.NEXT || shape.flows[i] == RegionShape.Flow.CONDITION;
            if (!goesOn || shape.next[i] != i + 1) {
                forget();
            }
        }
    }

    /** What is computed at a position beside the result itself, or null. */
    Low at(int position) {
        return lows[position];
    }

    private void forget() {
        for (int register = 0; register < REGISTERS; register++) {
            change(register);
        }
    }

    private void change(int register) {
        has[register] = Has.OTHER;
        low[register] = false;
        version[register]++;
    }

    private void look(int i, long decoded, long defined) {
        int to = Decoder.destination(decoded);
        if (to >= REGISTERS || defined != 1L << to) {
            for (int register = 0; register < REGISTERS; register++) {
                if ((defined >>> register & 1) != 0) {
                    change(register);
                }
            }
            return;
        }
        int a = Decoder.first(decoded);
        int b = Decoder.second(decoded);
        int operation = Decoder.operation(decoded);
        lows[i] = rotation(operation, a, b);
        if (lows[i] == null && operates(operation) && (isLow(a) || isLow(b))) {
            lows[i] = new Low(How.OPERATE, 0, 0, isLow(a), isLow(b));
        }
        if (keepsLongword(operation, a, b, to)) {
            has[to] = Has.OTHER;
            if (operation == Op.ZAPNOT) {
                set(to, Has.UNSIGNED, to, version[to], 0);
            }
            return;
        }
        change(to, lows[i] != null, a, b, operation);
    }

    /** Notes what a register has that is overwritten. */
    private void change(int to, boolean computed, int a, int b, int operation) {
        boolean known = a < REGISTERS;
        int of = known ? version[a] : 0;
        int whose = known ? source[a] : 0;
        int when = known ? then[a] : 0;
        boolean unsigned = known && has[a] == Has.UNSIGNED;
        change(to);
        low[to] = computed;
        int left = left(operation, a, b);
        if (unsigned && operation == Op.SRL && shifts(b)) {
            set(to, Has.RIGHT, whose, when, b - Decoder.LITERALS);
        } else if (known && a != to && left != 0) {
            set(to, Has.LEFT, a, of, left);
        } else if (known && a != to && operation == Op.ZAPNOT && b == Decoder.LITERALS + LONGWORD) {
            set(to, Has.UNSIGNED, a, of, 0);
        }
    }

    private void set(int to, Has what, int whose, int when, int bits) {
        has[to] = what;
        source[to] = whose;
        then[to] = when;
        count[to] = bits;
    }

    private boolean isLow(int register) {
        return register < REGISTERS && low[register];
    }

    /** Two shifts of one longword by 32 bits together, which have no bit in common. */
    private Low rotation(int operation, int a, int b) {
        boolean combines = operation == Op.BIS || operation == Op.XOR || operation == Op.ADDQ || operation == Op.ADDL;
        if (!combines || a >= REGISTERS || b >= REGISTERS) {
            return null;
        }
        int left = has[a] == Has.LEFT ? a : b;
        int right = left == a ? b : a;
        boolean rotates = has[left] == Has.LEFT && has[right] == Has.RIGHT && count[left] + count[right] == 32
                && source[left] == source[right] && then[left] == then[right]
                && version[source[left]] == then[left];
        return rotates ? new Low(How.ROTATE, source[left], count[left], low[a], low[b]) : null;
    }

    private static boolean operates(int operation) {
        return switch (operation) {
            case Op.AND, Op.BIC, Op.BIS, Op.ORNOT, Op.XOR, Op.EQV, Op.ADDL, Op.ADDQ, Op.SUBL, Op.SUBQ -> true;
            default -> false;
        };
    }

    /** Whether an instruction changes no more of a register than the high longword. */
    private static boolean keepsLongword(int operation, int a, int b, int to) {
        return switch (operation) {
            case Op.ADDL -> a == to && zero(b) || b == to && zero(a);
            case Op.ZAPNOT -> a == to && b == Decoder.LITERALS + LONGWORD;
            default -> false;
        };
    }

    private static boolean zero(int register) {
        return register == 31 || register == Decoder.LITERALS;
    }

    private static boolean shifts(int b) {
        return b > Decoder.LITERALS && b < Decoder.LITERALS + 32;
    }

    /** By how many bits an instruction shifts its first operand's low longword to the left, or 0. */
    private static int left(int operation, int a, int b) {
        return switch (operation) {
            case Op.SLL -> shifts(b) ? b - Decoder.LITERALS : 0;
            case Op.ADDL, Op.ADDQ -> a == b ? 1 : 0;
            case Op.S4ADDL, Op.S4ADDQ -> zero(b) ? 2 : 0;
            case Op.S8ADDL, Op.S8ADDQ -> zero(b) ? 3 : 0;
            default -> 0;
        };
    }
}
