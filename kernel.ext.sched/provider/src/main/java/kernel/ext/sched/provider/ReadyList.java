package kernel.ext.sched.provider;

import java.util.ArrayList;
import java.util.List;

/** The strands that are ready, in the order in which they became so. Belongs to the scheduler's lock. */
final class ReadyList {

    private StrandTask first;
    private StrandTask last;
    private int size;

    int size() {
        return size;
    }

    /** The one that has waited longest, or null. */
    StrandTask first() {
        return first;
    }

    void add(StrandTask strand) {
        strand.before = last;
        strand.after = null;
        if (last == null) {
            first = strand;
        } else {
            last.after = strand;
        }
        last = strand;
        size++;
    }

    void remove(StrandTask strand) {
        if (strand.before == null) {
            first = strand.after;
        } else {
            strand.before.after = strand.after;
        }
        if (strand.after == null) {
            last = strand.before;
        } else {
            strand.after.before = strand.before;
        }
        strand.before = null;
        strand.after = null;
        size--;
    }

    List<StrandTask> all() {
        List<StrandTask> all = new ArrayList<>(size);
        for (StrandTask strand = first; strand != null; strand = strand.after) {
            all.add(strand);
        }
        return all;
    }
}
