package kernel.ext.net.api.tcp;

/**
 * Bytes that the buffers of somebody's connections may take together, in both directions. The first {@value #FREE} bytes of a buffer
 * are not counted: every connection goes on, if slowly, however much its owner has. Used in the stack's strand.
 */
public final class Allowance {

    /** No limit, and nothing is counted. */
    public static final Allowance UNLIMITED = new Allowance(Long.MAX_VALUE);
    /** Bytes of each buffer that are not counted. */
    static final int FREE = 8192;

    private final long limit;
    private final Allowance whole;
    private long used;

    /** @param limit bytes, {@link Long#MAX_VALUE} for none */
    public Allowance(long limit) {
        this(limit, null);
    }

    /**
     * A part of another, from which all that is taken is taken as well.
     *
     * @param limit bytes, less than {@link Long#MAX_VALUE}
     */
    public Allowance(long limit, Allowance whole) {
        this.limit = limit;
        this.whole = whole;
    }

    /** Bytes that may be taken. */
    public long limit() {
        return limit;
    }

    /** Bytes that are taken. */
    public long used() {
        return used;
    }

    /** Whether so many bytes more may be taken. */
    boolean has(long bytes) {
        return bytes <= limit - used && (whole == null || whole.has(bytes));
    }

    /** Whether most is taken, so that what is not needed is to be given back. */
    boolean tight() {
        return limit != Long.MAX_VALUE && used > limit / 4 * 3 || whole != null && whole.tight();
    }

    /** A buffer of so many bytes takes the place of another. @return false if that is too much: nothing was changed */
    boolean exchange(int before, int after) {
        if (limit == Long.MAX_VALUE) {
            return true;
        }
        long more = counted(after) - counted(before);
        if (more > 0 && more > limit - used || whole != null && !whole.exchange(before, after)) {
            return false;
        }
        used += more;
        return true;
    }

    private static long counted(int capacity) {
        return Math.max(0, capacity - FREE);
    }

    @Override
    public String toString() {
        return used + " of " + limit + " bytes";
    }
}
