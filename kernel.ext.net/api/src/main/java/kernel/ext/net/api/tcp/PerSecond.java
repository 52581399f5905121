package kernel.ext.net.api.tcp;

/** So many a second of something, and no more (as RFC 5961 section 10 has it for challenges). Used in the stack's strand. */
public final class PerSecond {

    private static final long SECOND = 1_000_000_000L;

    private final int most;
    private long since;
    private int count;

    /** @param most how many in a second, which begins with the first of them */
    public PerSecond(int most) {
        this.most = most;
    }

    /** One more is wanted. @param now nanoseconds of a clock that may begin anew @return whether it may be */
    public boolean take(long now) {
        if (now - since >= SECOND || now < since) {
            since = now;
            count = 0;
        }
        return count++ < most;
    }
}
