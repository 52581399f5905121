package run.measure;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Lets contenders take turns: unmeasured turns of each, then round after round one turn each, so that what disturbs the
 * machine for a while disturbs all of them.
 */
public final class Rounds {

    /** The contender that is not a peer. */
    public static final String OURS = "ours";

    /** One turn of one contender. */
    @FunctionalInterface
    public interface Turn {
        /** Measures once and answers the figure. */
        double measure() throws MeasureException, InterruptedException;
    }

    private static final int MOST = 12;
    private static final int SETTLED = 3;
    private static final double BETTER = 0.97;

    private final int rounds;
    private final Progress progress;

    /** @param rounds how many figures each contender gets, at least one */
    public Rounds(int rounds, Progress progress) {
        this.rounds = rounds;
        this.progress = progress;
    }

    /** Contenders whose first turn warms up caches and is thrown away. */
    public Map<String, Samples> warm(String what, Map<String, Turn> contenders)
            throws MeasureException, InterruptedException {
        for (Map.Entry<String, Turn> contender : contenders.entrySet()) {
            progress.show(what + ", warm-up, " + contender.getKey());
            contender.getValue().measure();
        }
        return inTurn(what, contenders);
    }

    /**
     * Contenders that get faster the longer they run, and of whose figures the lesser are the better ones: each is warmed up until it gets no
     * faster, which is when {@link #SETTLED} turns in a row were no better than the best by {@link #BETTER}, or {@link #MOST} turns.
     */
    public Map<String, Samples> steady(String what, Map<String, Turn> contenders)
            throws MeasureException, InterruptedException {
        for (Map.Entry<String, Turn> contender : contenders.entrySet()) {
            progress.show(what + ", warm-up, " + contender.getKey());
            settled(contender.getValue());
        }
        return inTurn(what, contenders);
    }

    /**
     * Measures until it gets no faster, as {@link #steady} says.
     *
     * @return the median of the last {@link #SETTLED} figures
     */
    public static double settled(Turn turn) throws MeasureException, InterruptedException {
        List<Double> figures = new ArrayList<>();
        double best = Double.MAX_VALUE;
        int since = 0;
        while (figures.size() < MOST && since < SETTLED) {
            double figure = turn.measure();
            figures.add(figure);
            since = figure < best * BETTER ? 0 : since + 1;
            best = Math.min(best, figure);
        }
        List<Double> last = figures.subList(figures.size() - SETTLED, figures.size());
        return new Samples(last).median();
    }

    /** Contenders that need no warm-up, or do their own in each turn. */
    public Map<String, Samples> inTurn(String what, Map<String, Turn> contenders)
            throws MeasureException, InterruptedException {
        Map<String, List<Double>> figures = new LinkedHashMap<>();
        contenders.keySet().forEach(name -> figures.put(name, new ArrayList<>()));
        for (int round = 1; round <= rounds; round++) {
            for (Map.Entry<String, Turn> contender : contenders.entrySet()) {
                progress.show(what + ", round " + round + " of " + rounds + ", " + contender.getKey());
                figures.get(contender.getKey()).add(contender.getValue().measure());
            }
        }
        Map<String, Samples> samples = new LinkedHashMap<>();
        figures.forEach((name, values) -> samples.put(name, new Samples(values)));
        return samples;
    }
}
