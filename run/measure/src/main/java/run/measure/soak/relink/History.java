package run.measure.soak.relink;

import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The binding sets one after the other. One thread changes what is bound: it announces the next set, has it bound, and
 * then says that it is settled. A raise ran under one of the sets from the one settled before it began to the one
 * announced before it ended.
 */
final class History {

    /** So many changes a raise may last. */
    private static final int KEPT = 1 << 14;

    private final AtomicReferenceArray<BindingSet> sets = new AtomicReferenceArray<>(KEPT);
    private volatile long announced;
    private volatile long settled;

    History(BindingSet first) {
        sets.set(0, first);
    }

    /** The next set is about to be bound. */
    void announce(BindingSet next) {
        sets.set((int) ((announced + 1) % KEPT), next);
        announced++; // one writer
    }

    /** The set announced last is bound: the registry's call has returned. */
    void settle() {
        settled = announced;
    }

    long announced() {
        return announced;
    }

    long settled() {
        return settled;
    }

    /**
     * Judges a raise that has ended.
     *
     * @param from what was settled before it began
     * @return what is wrong with it, or {@code null}
     */
    String wrong(long from, long number, Trace trace, long result) {
        long to = announced;
        String reason = null;
        for (long version = from; version <= to; version++) {
            String now = sets.get((int) (version % KEPT)).wrong(number, trace, result);
            if (now == null || announced - from >= KEPT) {
                return null; // right, or so long ago that nobody knows
            }
            reason = (reason == null ? "" : reason + "; ") + "under set " + version + ": " + now;
        }
        return "raise " + number + " ran " + trace.toList().stream().map(Member::name).toList() + "; " + reason;
    }
}
