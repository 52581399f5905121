package run.measure;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;

/**
 * The figures that one contender got, one a round.
 *
 * @param values in the order of the rounds; finite
 */
public record Samples(List<Double> values) {

    private static final MathContext SIGNIFICANT = new MathContext(6);

    /** Copies the list and refuses what is no figure. */
    public Samples {
        values = List.copyOf(values);
        for (double value : values) {
            if (!Double.isFinite(value)) {
                throw new IllegalArgumentException("A measured figure must be a finite number, not " + value);
            }
        }
    }

    /** A figure that is not measured but known, such as one from a paper. */
    public static Samples known(double value) {
        return new Samples(List.of(value));
    }

    /** Nothing was measured: the peer is missing on this machine. */
    public static Samples none() {
        return new Samples(List.of());
    }

    /** The middle one of the figures, or the mean of the two in the middle; {@code null} if there are none. */
    public Double median() {
        if (values.isEmpty()) {
            return null;
        }
        List<Double> sorted = values.stream().sorted().toList();
        int half = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(half) : (sorted.get(half - 1) + sorted.get(half)) / 2;
    }

    /** Six significant digits: more than any of our clocks gives. */
    static Double rounded(Double value) {
        return value == null ? null : (Double) new BigDecimal(value).round(SIGNIFICANT).doubleValue();
    }
}
