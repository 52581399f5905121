package run.measure.strands;

import java.util.ArrayList;
import java.util.List;
import kernel.core.strand.Strand;
import kernel.core.strand.TurnObserver;

/** The latest turns of strands. The scheduler's lock guards what is written; to be read when nobody writes any more. */
final class TurnLog implements TurnObserver {

    private static final int KEPT = 1 << 17;

    /** A turn begins. @param time by {@link System#nanoTime} */
    record Turn(long time, int processor, String strand) {}

    private final long[] times = new long[KEPT];
    private final int[] processors = new int[KEPT];
    private final String[] strands = new String[KEPT];
    private long count;

    @Override
    public void turn(long time, int processor, Strand strand) {
        int at = (int) (count++ % KEPT);
        times[at] = time;
        processors[at] = processor;
        strands[at] = strand.name();
    }

    /** Those that begin within a time, in their order. */
    List<Turn> within(long from, long to) {
        List<Turn> found = new ArrayList<>();
        for (long i = Math.max(0, count - KEPT); i < count; i++) {
            int at = (int) (i % KEPT);
            if (times[at] >= from && times[at] <= to) {
                found.add(new Turn(times[at], processors[at], strands[at]));
            }
        }
        return found;
    }
}
