package hw.alpha.translator;

import java.util.Arrays;

/**
 * What is known to be accessible around a value that a register has: bytes {@code low} to {@code end} from it may be accessed with
 * the given rights (of {@link hw.alpha.mmu.PageTable}), and the value is {@code residue} modulo {@code alignment}, a power of two.
 */
record CheckedRange(long low, long end, int alignment, int residue, int rights) {

    static final CheckedRange[] NONE = {};
    /** Ranges kept of one value. */
    private static final int KEPT = 3;

    /** The same seen from a value that is larger. */
    CheckedRange from(long delta) {
        return delta == 0
                ? this
                : new CheckedRange(low - delta, end - delta, alignment, (int) (residue + delta) & alignment - 1,
                        rights);
    }

    /** Whether an access of these bytes needs no check. @param size bytes, of any alignment if 1 */
    boolean covers(long offset, int size, int right) {
        return low <= offset && offset + size <= end && (rights & right) == right && size <= alignment
                && (residue + offset & size - 1) == 0;
    }

    private boolean contains(CheckedRange other) {
        return low <= other.low && other.end <= end && (other.rights & ~rights) == 0 && other.alignment <= alignment;
    }

    /** What both say, or null. */
    private CheckedRange and(CheckedRange other) {
        long from = Math.max(low, other.low);
        long to = Math.min(end, other.end);
        int both = rights & other.rights;
        if (from >= to || both == 0) {
            return null;
        }
        int aligned = Math.min(alignment, other.alignment);
        while ((residue - other.residue & aligned - 1) != 0) {
            aligned >>= 1;
        }
        return new CheckedRange(from, to, aligned, residue & aligned - 1, both);
    }

    /** What is known if one or the other is. */
    static CheckedRange[] either(CheckedRange[] some, CheckedRange[] others) {
        CheckedRange[] all = NONE;
        for (CheckedRange one : some) {
            for (CheckedRange other : others) {
                CheckedRange both = one.and(other);
                all = both == null ? all : with(all, both);
            }
        }
        return all;
    }

    /** What is known if both are; the shortest is forgotten when there are too many. */
    static CheckedRange[] with(CheckedRange[] all, CheckedRange one) {
        int shortest = -1;
        for (int i = 0; i < all.length; i++) {
            if (all[i].contains(one)) {
                return all;
            }
            if (one.contains(all[i])) {
                CheckedRange[] rest = all.clone();
                rest[i] = one;
                return rest;
            }
            shortest = shortest < 0 || all[i].end - all[i].low < all[shortest].end - all[shortest].low ? i : shortest;
        }
        if (all.length < KEPT) {
            CheckedRange[] more = Arrays.copyOf(all, all.length + 1);
            more[all.length] = one;
            return more;
        }
        if (all[shortest].end - all[shortest].low >= one.end - one.low) {
            return all;
        }
        CheckedRange[] others = all.clone();
        others[shortest] = one;
        return others;
    }
}
