package hw.alpha.translator;

import hw.alpha.isa.Decoder;
import hw.alpha.isa.Op;
import java.util.Arrays;

/**
 * Which branches and conditional moves test what an integer comparison before them has found, so that they can compare themselves: the
 * host compares and branches in two instructions, where a result that is 1 or 0 takes it four or five. If nobody else wants that
 * result it is not computed. What was compared may be overwritten meanwhile; it is copied then, which costs the second
 * compiler nothing. Immutable once made.
 */
final class Comparisons {

    /** Integer registers, without r31. */
    private static final int REGISTERS = 31;

    /** By position of a branch or move: position of the comparison, or -1. */
    private final int[] tested;
    /** By position of a comparison: whether its first or second operand must be copied. */
    private final boolean[] first;
    private final boolean[] second;

    /** What registers have of comparisons at some place. */
    private static final class Found {
        /** By register: position of the comparison whose result it has, or -1. */
        final int[] at = new int[REGISTERS];
        /** Whether what that compared was overwritten. */
        final boolean[] first = new boolean[REGISTERS];
        final boolean[] second = new boolean[REGISTERS];

        Found(Found before) {
            if (before == null) {
                Arrays.fill(at, -1);
            } else {
                System.arraycopy(before.at, 0, at, 0, REGISTERS);
                System.arraycopy(before.first, 0, first, 0, REGISTERS);
                System.arraycopy(before.second, 0, second, 0, REGISTERS);
            }
        }
    }

    Comparisons(RegionShape shape, RegionFlow flow) {
        tested = new int[shape.size()];
        first = new boolean[shape.size()];
        second = new boolean[shape.size()];
        Arrays.fill(tested, -1);
        RegionBlocks blocks = new RegionBlocks(shape);
        Found[] atEnd = new Found[blocks.first.length];
        for (int block : blocks.order) {
            int only = blocks.before(block);
            Found found = new Found(only < 0 ? null : atEnd[only]);
            for (int i = blocks.first[block]; i <= blocks.last[block]; i++) {
                test(i, shape.decoded[i], found);
                define(i, shape, flow.definitions[i], found);
            }
            atEnd[block] = found;
        }
    }

    private void test(int i, long decoded, Found found) {
        int register = Decoder.first(decoded);
        if (tests(decoded) && found.at[register] >= 0) {
            tested[i] = found.at[register];
            first[tested[i]] |= found.first[register];
            second[tested[i]] |= found.second[register];
        }
    }

    private static void define(int i, RegionShape shape, long defined, Found found) {
        boolean compares = compares(shape.decoded[i]);
        for (int register = 0; register < REGISTERS; register++) {
            if ((defined >>> register & 1) != 0) {
                found.at[register] = compares ? i : -1;
                found.first[register] = false;
                found.second[register] = false;
            }
        }
        for (int register = 0; register < REGISTERS; register++) {
            if (found.at[register] >= 0) {
                long compared = shape.decoded[found.at[register]];
                found.first[register] |= overwritten(Decoder.first(compared), defined);
                found.second[register] |= overwritten(Decoder.second(compared), defined);
            }
        }
    }

    private static boolean overwritten(int register, long defined) {
        return register < REGISTERS && (defined >>> register & 1) != 0;
    }

    private static boolean compares(long decoded) {
        int operation = Decoder.operation(decoded);
        return operation >= Op.CMPEQ && operation <= Op.CMPULE;
    }

    private static boolean tests(long decoded) {
        return Decoder.first(decoded) < REGISTERS && switch (Decoder.operation(decoded)) {
            case Op.BEQ, Op.BNE, Op.BLBC, Op.BLBS, Op.CMOVEQ, Op.CMOVNE, Op.CMOVLBC, Op.CMOVLBS -> true;
            default -> false;
        };
    }

    /** Position of the comparison whose result the instruction at a position tests, -1 if it tests none that is known. */
    int tested(int i) {
        return tested[i];
    }

    /** Whether the first operand of the comparison at a position is wanted after it was overwritten. */
    boolean copiesFirst(int i) {
        return first[i];
    }

    /** Whether the second one is. */
    boolean copiesSecond(int i) {
        return second[i];
    }

    /** Whether a branch or move is done when the comparison holds. */
    static boolean ifHolds(int operation) {
        return switch (operation) {
            case Op.BNE, Op.BLBS, Op.CMOVNE, Op.CMOVLBS -> true;
            default -> false;
        };
    }
}
