package hw.alpha.translator;

import hw.alpha.isa.Decoder;
import hw.alpha.isa.Op;
import hw.alpha.mmu.PageTable;
import hw.alpha.mmu.TranslationBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Which loads and stores of a region need not be checked, because another one's check tells of them as well. Nobody takes a right
 * away while the region runs: that waits until it polls, and it is left when that says so. So what was checked stays true until the
 * region is left or calls, and for as long as registers keep the value that was checked, or one that differs from it by a constant.
 *
 * <p>There are two ways. Accesses around the same value form a group, whose first member checks for all: those that follow it in its
 * block, and in blocks that can be reached through its block alone. There a member need not be reached, so it may widen what is checked
 * by little, and ask neither for another right nor another alignment. And what was checked on all ways that lead to a
 * block is known there ({@link CheckedRange}); loops gain most by that.
 *
 * <p>Found by going through all blocks again and again, each time with less that is known where ways join, until nothing changes.
 * Immutable once made.
 */
final class AccessGroups {

    /** Bytes that a check may be about when not all of them need be accessed. */
    private static final int EXTENT = 128;
    /** The same around the stack pointer: a frame lies in pages that are in use. */
    private static final int FRAME = 512;
    private static final int STACK_POINTER = 30;
    /** Passes after which nothing is taken to be known where ways join. */
    private static final int PASSES = 8;

    /** Accesses of a region that are checked by the first of them. */
    static final class Group {
        /** Position of the first, which checks for all. */
        final int first;
        /** Block of the first. */
        private final int block;
        /** Of the base register's value at the first access, the constant part. */
        private final long start;
        private final List<Member> members = new ArrayList<>(4);
        private long low;
        private long end;
        private int alignment;
        private int rights;

        private Group(int first, int block, long start) {
            this.first = first;
            this.block = block;
            this.start = start;
        }

        /** What to add to the base register at the first access for the lowest address of all. */
        long offset() {
            return low - start;
        }

        /** Bytes from the lowest address to behind the last. */
        long span() {
            return end - low;
        }

        /** What the lowest address must be a multiple of; then all are aligned. A power of two. */
        int alignment() {
            return alignment;
        }

        boolean loads() {
            return (rights & PageTable.LOAD) != 0;
        }

        boolean stores() {
            return (rights & PageTable.STORE) != 0;
        }

        /** Adds an access if it can be checked with the others. */
        private boolean add(Member member, int right, int where, int extent) {
            long newLow = members.isEmpty() ? member.delta : Math.min(low, member.delta);
            long newEnd = members.isEmpty() ? member.end() : Math.max(end, member.end());
            if (newEnd - newLow > -TranslationBuffer.PAGE_MASK || !member.fits(newLow)) {
                return false;
            }
            if (where != block && (newEnd - newLow > extent && newEnd - newLow > end - low || (rights & right) != right
                    || member.size > alignment)) {
                return false;
            }
            if (newLow != low && !members.stream().allMatch(other -> other.fits(newLow))) {
                return false;
            }
            members.add(member);
            low = newLow;
            end = newEnd;
            alignment = Math.max(alignment, member.size);
            rights |= right;
            return true;
        }

        /** What its check tells of the unknown value. */
        private CheckedRange checked() {
            return new CheckedRange(low, end, alignment, (int) -low & alignment - 1, rights);
        }
    }

    /** An access: its address is its group's unknown value and {@code delta}; of any alignment if {@code size} is 1. */
    private record Member(long delta, int size) {

        long end() {
            return delta + size;
        }

        /** Whether it is aligned if an address that is aligned for all of its group is. */
        boolean fits(long low) {
            return (delta - low & size - 1) == 0;
        }
    }

    private static final CheckedRange[][] NOTHING = new CheckedRange[32][];

    static {
        Arrays.fill(NOTHING, CheckedRange.NONE);
    }

    /** The part that is unknown of a value of which nothing is: zero. */
    private static final int CONSTANT = 0;
    private static final int UNKNOWN = -1;

    private final RegionShape shape;
    private final boolean keeps;
    private final RegionBlocks blocks;
    private final Group[] groups;
    private final boolean[] known;
    /** What is known of each register where a block begins that is reached in several ways; null if it was not looked at. */
    private final CheckedRange[][][] atBegin;
    /** At the end of each block, of each integer register: number of its unknown part, and its constant part. */
    private final int[][] origins;
    private final long[][] deltas;
    /** By number of the unknown part: groups of accesses around it, and what was known before. */
    private final List<List<Group>> around = new ArrayList<>();
    private final List<CheckedRange[]> before = new ArrayList<>();

    /** @param keeps whether the region looks at the addresses that functions begin with or return to */
    AccessGroups(RegionShape shape, boolean keeps) {
        this.keeps = keeps;
        this.shape = shape;
        blocks = new RegionBlocks(shape);
        groups = new Group[shape.size()];
        known = new boolean[shape.size()];
        int count = blocks.first.length;
        atBegin = new CheckedRange[count][][];
        origins = new int[count][];
        deltas = new long[count][];
        int passes = 0;
        do {
            pass();
        } while (less(++passes > PASSES));
    }

    /** Goes through all blocks. */
    private void pass() {
        around.clear();
        before.clear();
        // The first number is CONSTANT.
        origin(CheckedRange.NONE);
        Arrays.fill(groups, null);
        Arrays.fill(known, false);
        Arrays.fill(origins, null);
        for (int block : blocks.order) {
            begin(block);
            for (int i = blocks.first[block]; i <= blocks.last[block]; i++) {
                if (keeps && shape.ownAddress(i)) {
                    set(block, RegionShape.PROCEDURE_VALUE, CONSTANT, shape.entry);
                }
                long decoded = shape.decoded[i];
                int operation = Decoder.operation(decoded);
                if (MemoryWriter.is(operation)) {
                    access(block, i, decoded, operation);
                }
                define(block, decoded, operation);
            }
        }
    }

    private void begin(int block) {
        int only = blocks.before(block);
        if (only >= 0) {
            origins[block] = origins[only].clone();
            deltas[block] = deltas[only].clone();
            returned(block);
            return;
        }
        if (atBegin[block] == null) {
            atBegin[block] = joined(block);
        }
        origins[block] = new int[32];
        deltas[block] = new long[32];
        for (int register = 0; register < 32; register++) {
            origins[block][register] = origin(atBegin[block][register]);
        }
        returned(block);
    }

    /** Where calls come back to, and globals are looked for from the return address, that is known to be the block's address. */
    private void returned(int block) {
        int register = Decoder.second(shape.decoded[blocks.first[block]]);
        boolean all = keeps && blocks.from[block].length > 0 && blocks.first[block] != shape.first();
        for (int i = 0; i < shape.size(); i++) {
            if (shape.next[i] == blocks.first[block]) {
                all &= shape.returnAddress(i);
            }
        }
        for (int from : blocks.from[block]) {
            all &= from == RegionBlocks.CALLED || returns(from, register);
        }
        if (all) {
            set(block, register, CONSTANT, shape.pcs[blocks.first[block]]);
        }
    }

    private boolean returns(int block, int register) {
        int i = blocks.last[block];
        return (shape.flows[i] == RegionShape.Flow.RETURN || shape.flows[i] == RegionShape.Flow.INLINED_RETURN)
                && Decoder.second(shape.decoded[i]) == register;
    }

    /** What all ways to a block know that were gone so far. */
    private CheckedRange[][] joined(int block) {
        CheckedRange[][] all = null;
        if (blocks.first[block] == shape.first()) {
            return NOTHING;
        }
        for (int from : blocks.from[block]) {
            if (from == RegionBlocks.CALLED) {
                return NOTHING;
            }
            if (origins[from] != null) {
                CheckedRange[][] one = all;
                all = new CheckedRange[32][];
                for (int register = 0; register < 32; register++) {
                    CheckedRange[] here = one != null && one[register].length == 0
                            ? CheckedRange.NONE
                            : atEnd(from, register);
                    all[register] = one == null ? here : CheckedRange.either(one[register], here);
                }
            }
        }
        return all == null ? NOTHING : all;
    }

    /** What is known of a register's value at the end of a block. */
    private CheckedRange[] atEnd(int block, int register) {
        int origin = origins[block][register];
        long delta = deltas[block][register];
        CheckedRange[] all = CheckedRange.NONE;
        for (CheckedRange one : before.get(origin)) {
            all = CheckedRange.with(all, one.from(delta));
        }
        for (Group group : around.get(origin)) {
            if (leadsTo(group.block, block)) {
                all = CheckedRange.with(all, group.checked().from(delta));
            }
        }
        return all;
    }

    /** Whether a block is the only way to another. */
    private boolean leadsTo(int first, int block) {
        int at = block;
        while (at >= 0 && at != first) {
            at = blocks.before(at);
        }
        return at == first;
    }

    /** Compares what was taken to be known with what is. @return whether it was less, so that all must be done again */
    private boolean less(boolean nothing) {
        boolean changed = false;
        for (int block : blocks.order) {
            CheckedRange[][] taken = atBegin[block];
            if (blocks.before(block) < 0 && taken != NOTHING) {
                CheckedRange[][] all = nothing ? NOTHING : joined(block);
                CheckedRange[][] both = new CheckedRange[32][];
                boolean differs = false;
                for (int register = 0; register < 32; register++) {
                    both[register] = CheckedRange.either(taken[register], all[register]);
                    differs |= !Arrays.equals(both[register], taken[register]);
                }
                if (differs) {
                    atBegin[block] = nothing ? NOTHING : both;
                    changed = true;
                }
            }
        }
        return changed;
    }

    private void access(int block, int i, long decoded, int operation) {
        int base = Decoder.second(decoded);
        int origin = origins[block][base];
        int right = MemoryWriter.store(operation) ? PageTable.STORE : PageTable.LOAD;
        // The quadword around any address is in the page of that address.
        boolean any = operation == Op.LDQ_U || operation == Op.STQ_U;
        long delta = deltas[block][base];
        Member member = new Member(delta + Decoder.immediate(decoded), any ? 1 : MemoryWriter.size(operation));
        boolean alone = MemoryWriter.locked(operation);
        if (!alone) {
            for (CheckedRange range : before.get(origin)) {
                if (range.covers(member.delta, member.size, right)) {
                    known[i] = true;
                    return;
                }
            }
            List<Group> all = around.get(origin);
            for (int g = all.size() - 1; g >= 0; g--) {
                Group group = all.get(g);
                if (leadsTo(group.block, block)
                        && group.add(member, right, block, base == STACK_POINTER ? FRAME : EXTENT)) {
                    groups[i] = group;
                    return;
                }
            }
        }
        groups[i] = new Group(i, block, delta);
        groups[i].add(member, right, block, 0);
        if (!alone) {
            around.get(origin).add(groups[i]);
        }
    }

    private void define(int block, long decoded, int operation) {
        int to = Decoder.destination(decoded);
        int second = Decoder.second(decoded);
        int first = Decoder.first(decoded);
        boolean literal = second >= Decoder.LITERALS;
        if (to < 31) {
            switch (operation) {
                case Op.LDA, Op.LDAH -> copy(block, to, second, Decoder.immediate(decoded));
                case Op.ADDQ -> copy(block, to, literal ? first : UNKNOWN, second - Decoder.LITERALS);
                case Op.SUBQ -> copy(block, to, literal ? first : UNKNOWN, Decoder.LITERALS - second);
                case Op.BIS -> copy(block, to, first == 31 || first == second ? second : UNKNOWN, 0);
                default -> set(block, to, origin(CheckedRange.NONE), 0);
            }
        }
    }

    private void copy(int block, int to, int from, long more) {
        if (from >= 0 && from < 31) {
            set(block, to, origins[block][from], deltas[block][from] + more);
        } else if (from == 31) {
            set(block, to, CONSTANT, more);
        } else {
            set(block, to, origin(CheckedRange.NONE), 0);
        }
    }

    private void set(int block, int register, int origin, long delta) {
        origins[block][register] = origin;
        deltas[block][register] = delta;
    }

    /** A number for an unknown value. */
    private int origin(CheckedRange[] ranges) {
        before.add(ranges);
        around.add(new ArrayList<>(0));
        return before.size() - 1;
    }

    /** The group of the access at a position, or null if all that it needs was checked on the way to its block. */
    Group at(int i) {
        return groups[i];
    }

    /** Whether the instruction at a position is an access that needs no check of its own. */
    boolean checked(int i) {
        return known[i] || groups[i] != null && groups[i].first != i;
    }
}
