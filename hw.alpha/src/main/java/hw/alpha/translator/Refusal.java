package hw.alpha.translator;

/**
 * What a check wanted that failed, as part of what {@link Region#run} returns: bits above those of the instruction's address, at which
 * the region is left. So nothing need be stored on the way out. What is wanted is told in pieces of 16 bytes, and may be a little more.
 */
public final class Refusal {

    /** Instructions have addresses below 2 to this power, as Linux's programs do on the Alpha, or are not translated. */
    static final int ADDRESS_BITS = 42;
    private static final int PIECE = 4;
    private static final int PIECES_BITS = 10;
    private static final int PIECES = (1 << PIECES_BITS) - 1;
    private static final int LOADS = 1, STORES = 2, RIGHTS_BITS = 2;

    private Refusal() {}

    /**
     * What to add to an address for leaving.
     *
     * @param before bytes wanted before the first one that the instruction there accesses, below 8192
     * @param length bytes wanted in all, at most 8192
     */
    static long of(long before, long length, boolean loads, boolean stores) {
        long first = before + (1 << PIECE) - 1 >> PIECE;
        long all = length + (first << PIECE) - before + (1 << PIECE) - 1 >> PIECE;
        return ((all << PIECES_BITS | first) << RIGHTS_BITS | (loads ? LOADS : 0)
                | (stores ? STORES : 0)) << ADDRESS_BITS;
    }

    /** Of what a region returned with {@link Region#PERFORM}, the address of the instruction. */
    public static long address(long next) {
        return next & (1L << ADDRESS_BITS) - 4;
    }

    /** Of what a region returned with {@link Region#PERFORM}, what was wanted, or 0: nothing. */
    public static int wanted(long next) {
        return (int) (next >>> ADDRESS_BITS);
    }

    /** Whether the right to load was wanted. */
    public static boolean loads(int wanted) {
        return (wanted & LOADS) != 0;
    }

    /** Whether the right to store was wanted. */
    public static boolean stores(int wanted) {
        return (wanted & STORES) != 0;
    }

    /** How many bytes before the first one that the instruction accesses. */
    public static int before(int wanted) {
        return (wanted >>> RIGHTS_BITS & PIECES) << PIECE;
    }

    /** How many bytes in all. */
    public static int length(int wanted) {
        return wanted >>> RIGHTS_BITS + PIECES_BITS << PIECE;
    }
}
