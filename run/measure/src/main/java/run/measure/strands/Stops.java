package run.measure.strands;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import run.measure.HostWaits.Wait;
import run.measure.strands.JvmPauses.Pause;
import run.measure.strands.TurnLog.Turn;

/**
 * The longest stops of strands that should run all the time, and what they consist of. Strands add theirs; thread-safe for that.
 */
final class Stops {

    private static final int KEPT = 8;
    /** So many turns of a stop are told one by one. */
    private static final int TURNS = 12;

    /** A strand does nothing between two times by {@link System#nanoTime}. */
    record Stop(String strand, long from, long to) {
        long length() {
            return to - from;
        }
    }

    /**
     * What a stop consists of, nanoseconds. What can be several of these is the first of them.
     *
     * @param jvm the Java virtual machine had stopped all its threads
     * @param host a thread that runs strands waited for a processor of the host
     * @param turns others had their turns
     * @param own the strand had a processor and did nothing: none of what is known here
     */
    record Parts(long jvm, long host, long turns, long own) {}

    private final List<Stop> longest = new ArrayList<>();

    /** The stops of one strand. For that strand. */
    final class Watched {
        private final String strand;
        private final List<Stop> mine = new ArrayList<>();
        private long shortest;

        private Watched(String strand) {
            this.strand = strand;
        }

        /** It did something then, and again now. */
        void steps(long then, long now) {
            if (now - then > shortest) {
                mine.add(new Stop(strand, then, now));
                shortest = trim(mine);
            }
        }

        /** That was all. */
        void end() {
            synchronized (longest) {
                longest.addAll(mine);
                trim(longest);
            }
        }
    }

    /** A strand begins. */
    Watched watch(String strand) {
        return new Watched(strand);
    }

    /** Keeps the longest ones, the longest first. @return how long another must be to be one of them */
    private static long trim(List<Stop> stops) {
        stops.sort(Comparator.comparingLong(Stop::length).reversed());
        while (stops.size() > KEPT) {
            stops.removeLast();
        }
        return stops.size() < KEPT ? 0 : stops.getLast().length();
    }

    /** The longest ones, the longest first. */
    List<Stop> longest() {
        synchronized (longest) {
            return List.copyOf(longest);
        }
    }

    /**
     * Takes a stop apart.
     *
     * @param turns that began while it lasted
     * @param pauses of the Java virtual machine, in no order
     * @param waits of threads that run strands, for the host's processors, in no order
     */
    static Parts parts(Stop stop, List<Turn> turns, List<Pause> pauses, List<Wait> waits) {
        long begins = turns.stream().filter(turn -> turn.strand().equals(stop.strand())).mapToLong(Turn::time).max()
                .orElse(stop.from());
        Line line = new Line(stop.from(), stop.to());
        pauses.forEach(pause -> line.cover(pause.from(), pause.to()));
        long jvm = line.covered;
        waits.forEach(wait -> line.cover(wait.seen() - wait.nanoseconds(), wait.seen()));
        long host = line.covered - jvm;
        line.cover(stop.from(), begins);
        return new Parts(jvm, host, line.covered - jvm - host, stop.length() - line.covered);
    }

    /** What there is to tell of a stop, in one line. */
    static String text(Stop stop, Parts parts, List<Turn> turns, List<Pause> pauses) {
        StringBuilder text = new StringBuilder(String.format(Locale.ROOT,
                "%s %.1f ms: JVM %.1f, host %.1f, turns of others %.1f, own %.1f;", stop.strand(), stop.length() / 1e6,
                parts.jvm / 1e6, parts.host / 1e6, parts.turns / 1e6, parts.own / 1e6));
        for (Turn turn : turns.subList(0, Math.min(TURNS, turns.size()))) {
            text.append(String.format(Locale.ROOT, " %s on %d at %.1f", turn.strand(), turn.processor(),
                    (turn.time() - stop.from()) / 1e6));
        }
        if (turns.size() > TURNS) {
            text.append(" and ").append(turns.size() - TURNS).append(" turns more");
        }
        for (Pause pause : pauses) {
            if (pause.to() > stop.from() && pause.from() < stop.to()) {
                text.append(String.format(Locale.ROOT, " %s %.1f at %.1f", pause.what(),
                        (pause.to() - pause.from()) / 1e6, (pause.from() - stop.from()) / 1e6));
            }
        }
        return text.toString();
    }

    /** What of a line is not covered yet. */
    private static final class Line {
        private final List<long[]> free = new ArrayList<>();
        private long covered;

        Line(long from, long to) {
            free.add(new long[]{from, to});
        }

        void cover(long from, long to) {
            for (long[] piece : List.copyOf(free)) {
                long begin = Math.max(from, piece[0]);
                long end = Math.min(to, piece[1]);
                if (begin < end) {
                    covered += end - begin;
                    free.remove(piece);
                    free.add(new long[]{piece[0], begin});
                    free.add(new long[]{end, piece[1]});
                }
            }
        }
    }
}
