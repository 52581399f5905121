package run.measure.soak.relink;

/** Both kinds of binding: an intrinsic handler, or a handler with or without a guard. */
public final class Visitor implements Visit {

    private final int id;
    private final int modulus;

    /**
     * @param id unique in the soak
     * @param modulus the guard wants each so many-th number
     */
    Visitor(int id, int modulus) {
        this.id = id;
        this.modulus = modulus;
    }

    /** The guard. */
    public boolean wants(long number, Trace trace) {
        return accepts(number, modulus);
    }

    /** What the guard decides, for the model too. */
    static boolean accepts(long number, int modulus) {
        return number % modulus == 0;
    }

    @Override
    public long visit(long number, Trace trace) {
        trace.mark(id);
        return result(id, number);
    }

    /** What {@link #visit} answers, for the model too. */
    static long result(int id, long number) {
        return (number ^ id * 0x9e3779b97f4a7c15L) * 0xbf58476d1ce4e5b9L;
    }
}
