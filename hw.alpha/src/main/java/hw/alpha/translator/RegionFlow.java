package hw.alpha.translator;

import hw.alpha.isa.Decoder;
import hw.alpha.isa.Op;
import java.util.Arrays;

/**
 * Which registers must be where: a register is a bit, as {@link Decoder} numbers them. At each instruction, which registers
 * may differ from the register file ({@link #dirty}), and which the instruction or a later one wants to have in a local
 * variable ({@link #live}), be it to write it back on leaving. Where registers are not kept in variables, there are none; where they
 * are stored whenever they change, none differs.
 */
final class RegionFlow {

    private static final int[] NOWHERE = {};
    /** r31 and f31. */
    private static final long ZEROES = 1L << 31 | 1L << 63;

    final long[] uses;
    final long[] definitions;
    /** Before each instruction. */
    final long[] dirty;
    /** Before each instruction. */
    final long[] live;
    /** Whether some branch goes back to an instruction, so that the region polls there, and may be left. */
    final boolean[] polls;
    /** Whether registers are kept in variables. */
    final boolean keeps;
    /** Before each instruction, which registers somebody may want to have, if they are stored whenever they change; else null. */
    private final long[] observed;
    private final RegionShape shape;
    private final AccessGroups groups;

    /**
     * @param groups of accesses that are checked together, or null if each is by itself
     * @param registers where to have registers
     */
    RegionFlow(RegionShape shape, AccessGroups groups, Registers registers) {
        keeps = registers != Registers.FILE;
        this.groups = groups;
        this.shape = shape;
        int count = shape.size();
        uses = new long[count];
        definitions = new long[count];
        dirty = new long[count];
        live = new long[count];
        polls = new boolean[count];
        for (int i = 0; i < count; i++) {
            poll(shape.next[i], i);
            poll(shape.targets[i], i);
            for (int position : shape.jumpPositions[i] == null ? NOWHERE : shape.jumpPositions[i]) {
                poll(position, i);
            }
            uses[i] = uses(shape.decoded[i]);
            definitions[i] = bit(Decoder.destination(shape.decoded[i]));
        }
        if (keeps) {
            solveDirty();
            solveLive();
        }
        observed = registers == Registers.BOTH ? live.clone() : null;
        if (observed != null) {
            Arrays.fill(dirty, 0);
            Arrays.fill(live, 0);
            solveLive();
        }
    }

    /** Whether there is a branch back at all. */
    boolean polls() {
        for (boolean one : polls) {
            if (one) {
                return true;
            }
        }
        return false;
    }

    private void poll(int position, int from) {
        if (position >= 0 && position <= from) {
            polls[position] = true;
        }
    }

    private static long bit(int register) {
        return register < 64 ? 1L << register & ~ZEROES : 0;
    }

    private static long uses(long decoded) {
        int operation = Decoder.operation(decoded);
        long both = bit(Decoder.first(decoded)) | bit(Decoder.second(decoded));
        boolean conditional = operation >= Op.CMOVEQ && operation <= Op.CMOVLBC
                || operation >= Op.FCMOVEQ && operation <= Op.FCMOVGT;
        return conditional ? both | bit(Decoder.destination(decoded)) : both;
    }

    /** Registers that may differ from the register file after an instruction. */
    long dirtyAfter(int i) {
        return keeps && observed == null ? dirty[i] | definitions[i] : 0;
    }

    /** Whether a register that the instruction at a position has changed is to be stored to the register file at once. */
    boolean stores(int i, int register) {
        return observed != null && register < 64
                && (leavesAfter(i) || (after(i, observed) >>> register & 1) != 0);
    }

    private void solveDirty() {
        boolean changed = true;
        while (changed) {
            changed = false;
            for (int i = 0; i < dirty.length; i++) {
                long after = dirtyAfter(i);
                changed |= switch (shape.flows[i]) {
                    case NEXT -> spread(shape.next[i], after);
                    case BRANCH, INLINED_CALL, INLINED_RETURN -> spread(shape.targets[i], after);
                    case CONDITION -> spread(shape.targets[i], after) | spread(shape.next[i], after);
                    case JUMP, RETURN -> {
                        boolean any = false;
                        for (int to : shape.jumpPositions[i]) {
                            any |= spread(to, after);
                        }
                        yield any;
                    }
                    // Everything is written back before a call.
                    case CALL, CALL_REGISTER, LEAVE -> false;
                };
            }
        }
    }

    private boolean spread(int to, long mask) {
        if (to < 0 || (mask & ~dirty[to]) == 0) {
            return false;
        }
        dirty[to] |= mask;
        return true;
    }

    private void solveLive() {
        boolean changed = true;
        while (changed) {
            changed = false;
            for (int i = live.length - 1; i >= 0; i--) {
                long before = uses[i] | dirty[i] & ~definitions[i] & leavingAfter(i) | leavingBefore(i)
                        | liveAfter(i) & ~definitions[i];
                changed |= before != live[i];
                live[i] |= before;
            }
        }
    }

    /** All, if the region may be left at the instruction before it has done anything. */
    private long leavingBefore(int i) {
        boolean mayLeave = Translatable.mayLeave(shape.decoded[i]) && (groups == null || !groups.checked(i));
        return shape.flows[i] == RegionShape.Flow.LEAVE || mayLeave || polls[i] || shape.ownAddress(i) ? dirty[i] : 0;
    }

    /** All, if the region may be left behind the instruction. */
    private long leavingAfter(int i) {
        return leavesAfter(i) ? -1 : 0;
    }

    /** Whether the region may be left behind an instruction, for elsewhere. */
    boolean leavesAfter(int i) {
        return switch (shape.flows[i]) {
            case NEXT -> shape.next[i] < 0;
            case BRANCH -> shape.targets[i] < 0;
            case CONDITION -> shape.targets[i] < 0 || shape.next[i] < 0;
            case JUMP, CALL, CALL_REGISTER, RETURN, INLINED_CALL, INLINED_RETURN -> true;
            case LEAVE -> false;
        };
    }

    /** What is wanted after an instruction, of what it does not reload itself. */
    long liveAfter(int i) {
        return after(i, live);
    }

    /** What is so before one of the instructions that may follow one of the region. */
    private long after(int i, long[] before) {
        return switch (shape.flows[i]) {
            case NEXT -> at(shape.next[i], before);
            case BRANCH, INLINED_CALL, INLINED_RETURN -> at(shape.targets[i], before);
            case CONDITION -> at(shape.targets[i], before) | at(shape.next[i], before);
            case JUMP, RETURN -> {
                long all = 0;
                for (int to : shape.jumpPositions[i]) {
                    all |= at(to, before);
                }
                yield all;
            }
            case CALL, CALL_REGISTER, LEAVE -> 0;
        };
    }

    /** Whether somebody may want to know a register after an instruction. */
    boolean wants(int i, int register) {
        return !keeps || leavesAfter(i) || (liveAfter(i) >>> register & 1) != 0 || stores(i, register);
    }

    /** What is wanted before the instruction at a position; nothing outside. */
    long liveAt(int position) {
        return at(position, live);
    }

    private static long at(int position, long[] before) {
        return position < 0 ? 0 : before[position];
    }
}
