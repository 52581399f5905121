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

    /** By position of a branch or move: position of the comparison, or -1. */
    private final int[] tested;
    /** By position of a comparison: whether its first or second operand must be copied. */
    private final boolean[] first;
    private final boolean[] second;

    Comparisons(RegionShape shape, RegionFlow flow) {
        int count = shape.size();
        tested = new int[count];
        first = new boolean[count];
        second = new boolean[count];
        int[] found = new int[32];
        int[] defined = new int[64];
        Arrays.fill(found, -1);
        for (int i = 0; i < count; i++) {
            if (shape.leader[i]) {
                Arrays.fill(found, -1);
            }
            long decoded = shape.decoded[i];
            tested[i] = tests(decoded) ? found[Decoder.first(decoded)] : -1;
            if (tested[i] >= 0) {
                int at = tested[i];
                first[at] |= overwritten(Decoder.first(shape.decoded[at]), at, defined);
                second[at] |= overwritten(Decoder.second(shape.decoded[at]), at, defined);
            }
            for (long left = flow.definitions[i]; left != 0; left &= left - 1) {
                int register = Long.numberOfTrailingZeros(left);
                defined[register] = i;
                if (register < 32) {
                    found[register] = compares(decoded) ? i : -1;
                }
            }
            boolean onward = shape.flows[i] == RegionShape.Flow.NEXT || shape.flows[i] == RegionShape.Flow.CONDITION;
            if (!onward || shape.next[i] != i + 1) {
                Arrays.fill(found, -1);
            }
        }
    }

    private static boolean compares(long decoded) {
        int operation = Decoder.operation(decoded);
        return operation >= Op.CMPEQ && operation <= Op.CMPULE;
    }

    private static boolean tests(long decoded) {
        return Decoder.first(decoded) < 31 && switch (Decoder.operation(decoded)) {
            case Op.BEQ, Op.BNE, Op.BLBC, Op.BLBS, Op.CMOVEQ, Op.CMOVNE, Op.CMOVLBC, Op.CMOVLBS -> true;
            default -> false;
        };
    }

    private static boolean overwritten(int register, int since, int[] defined) {
        return register < 31 && defined[register] >= since;
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
