package run.measure;

import java.util.Locale;

/** Which direction of a figure is the better one. */
public enum Better {
    /** A rate: more is better. */
    HIGHER,
    /** A time or a size: less is better. */
    LOWER;

    /** How many times better {@code ours} is than {@code peer}: above 1 if ours is better, in both directions. */
    public double ratio(double ours, double peer) {
        return this == HIGHER ? ours / peer : peer / ours;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
