package hw.alpha.translator;

import hw.alpha.isa.Decoder;
import hw.alpha.isa.Op;
import hw.alpha.mmu.TranslationBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which loads and stores of a region can be checked together: those of one block whose addresses are the same unknown value
 * and a constant each, no more than a page apart. If the first of them finds that all may be done, the others need not look:
 * nobody takes a right away before the region polls, and it polls between blocks alone. Immutable once made.
 */
final class AccessGroups {

    /** Accesses of a region that are checked by the first of them. */
    static final class Group {
        /** Position of the first, which checks for all. */
        final int first;
        /** Of the base register's value at the first access, the constant part. */
        private final long start;
        private final List<Member> members = new ArrayList<>(4);
        private long low;
        private long end;
        private int alignment;
        private boolean loads;
        private boolean stores;

        private Group(int first, long start) {
            this.first = first;
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
            return loads;
        }

        boolean stores() {
            return stores;
        }

        /** Adds an access if it can be checked with the others. */
        private boolean add(Member member, boolean store) {
            long newLow = members.isEmpty() ? member.delta : Math.min(low, member.delta);
            long newEnd = members.isEmpty() ? member.end() : Math.max(end, member.end());
            if (newEnd - newLow > -TranslationBuffer.PAGE_MASK || !member.fits(newLow)
                    || !members.stream().allMatch(other -> other.fits(newLow))) {
                return false;
            }
            members.add(member);
            low = newLow;
            end = newEnd;
            alignment = Math.max(alignment, member.size);
            loads |= !store;
            stores |= store;
            return true;
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

    private final Group[] groups;
    /** Of each integer register: number of its unknown part, and its constant part. */
    private final int[] origins = new int[32];
    private final long[] deltas = new long[32];
    private int last;
    /** By number of the unknown part: the group that the next access may join. */
    private final Map<Integer, Group> open = new HashMap<>();

    AccessGroups(RegionShape shape) {
        groups = new Group[shape.size()];
        for (int i = 0; i < groups.length; i++) {
            if (i == 0 || shape.leader[i]) {
                forget();
            }
            long decoded = shape.decoded[i];
            int operation = Decoder.operation(decoded);
            if (MemoryWriter.is(operation)) {
                access(i, decoded, operation);
            }
            define(decoded, operation);
        }
    }

    private void forget() {
        open.clear();
        for (int register = 0; register < 32; register++) {
            set(register, ++last, 0);
        }
    }

    private void access(int i, long decoded, int operation) {
        int base = Decoder.second(decoded);
        boolean store = MemoryWriter.store(operation);
        // The quadword around any address is in the page of that address.
        boolean any = operation == Op.LDQ_U || operation == Op.STQ_U;
        Member member = new Member(deltas[base] + Decoder.immediate(decoded), any ? 1 : MemoryWriter.size(operation));
        boolean alone = MemoryWriter.locked(operation);
        Group group = alone ? null : open.get(origins[base]);
        if (group == null || !group.add(member, store)) {
            group = new Group(i, deltas[base]);
            group.add(member, store);
            if (!alone) {
                open.put(origins[base], group);
            }
        }
        groups[i] = group;
    }

    private void define(long decoded, int operation) {
        int to = Decoder.destination(decoded);
        int second = Decoder.second(decoded);
        int first = Decoder.first(decoded);
        boolean literal = second >= Decoder.LITERALS;
        if (operation == Op.RDUNIQUE) {
            set(0, ++last, 0);
        } else if (to < 31) {
            switch (operation) {
                case Op.LDA -> copy(to, second, Decoder.immediate(decoded));
                case Op.ADDQ -> copy(to, literal ? first : 31, second - Decoder.LITERALS);
                case Op.SUBQ -> copy(to, literal ? first : 31, Decoder.LITERALS - second);
                case Op.BIS -> copy(to, first == 31 || first == second ? second : 31, 0);
                default -> set(to, ++last, 0);
            }
        }
    }

    private void copy(int to, int from, long more) {
        if (from < 31) {
            set(to, origins[from], deltas[from] + more);
        } else {
            set(to, ++last, 0);
        }
    }

    private void set(int register, int origin, long delta) {
        origins[register] = origin;
        deltas[register] = delta;
    }

    /** The group of the access at a position. */
    Group at(int i) {
        return groups[i];
    }

    /** Whether the instruction at a position is an access that another one checks. */
    boolean checked(int i) {
        return groups[i] != null && groups[i].first != i;
    }
}
