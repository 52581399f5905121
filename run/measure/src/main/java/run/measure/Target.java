package run.measure;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a row must reach, as a text that people read and {@link #met} judges. Four forms:
 * <ul>
 * <li>{@code <= 1.5 s} or {@code >= 100 MB/s}: a bound on our figure;
 * <li>{@code <= call + 0.5 ns}: our figure may be that much above the peer's ({@code >=}: at least that much);
 * <li>{@code <= 1.1 * idle}: our figure is at most that many times the peer's ({@code >=}: at least), as it stands;
 * <li>{@code >= 1.2 x qemu}: ours is at least that many times better than the peer, whichever direction is the better one.
 * </ul>
 */
public final class Target {

    private static final String NUMBER = "([0-9]+(?:\\.[0-9]+)?)";
    private static final Pattern FACTOR = Pattern.compile("(<=|>=) " + NUMBER + " x (\\S+)");
    private static final Pattern MARGIN = Pattern.compile("(<=|>=) ([^\\s0-9]\\S*) \\+ " + NUMBER + " (\\S+)");
    private static final Pattern TIMES = Pattern.compile("(<=|>=) " + NUMBER + " \\* (\\S+)");
    private static final Pattern BOUND = Pattern.compile("(<=|>=) " + NUMBER + " (\\S+)");

    private enum Form {
        FACTOR, MARGIN, TIMES, BOUND
    }

    private final String text;
    private final Form form;
    private final boolean atMost;
    private final double number;
    private final String peer;
    private final String unit;

    private Target(String text, Form form, String sign, String number, String peer, String unit) {
        this.text = text;
        this.form = form;
        this.atMost = sign.equals("<=");
        this.number = Double.parseDouble(number);
        this.peer = peer;
        this.unit = unit;
    }

    /**
     * Reads a target.
     *
     * @throws IllegalArgumentException it has none of the four forms; the message shows them
     */
    public static Target parse(String text) {
        Matcher m = FACTOR.matcher(text);
        if (m.matches()) {
            if (m.group(1).equals("<=")) {
                throw new IllegalArgumentException("Target \"" + text
                        + "\": a factor says how many times better ours is, so it has a lower bound only: >= "
                        + m.group(2) + " x " + m.group(3));
            }
            return new Target(text, Form.FACTOR, m.group(1), m.group(2), m.group(3), null);
        }
        m = MARGIN.matcher(text);
        if (m.matches()) {
            return new Target(text, Form.MARGIN, m.group(1), m.group(3), m.group(2), m.group(4));
        }
        m = TIMES.matcher(text);
        if (m.matches()) {
            return new Target(text, Form.TIMES, m.group(1), m.group(2), m.group(3), null);
        }
        m = BOUND.matcher(text);
        if (m.matches()) {
            return new Target(text, Form.BOUND, m.group(1), m.group(2), null, m.group(3));
        }
        throw new IllegalArgumentException("Target \"" + text
                + "\" cannot be read. Say \"<= 1.5 s\", \"<= call + 0.5 ns\", \"<= 1.1 * idle\" or \">= 1.2 x qemu\"");
    }

    /**
     * Refuses a target that does not fit its row.
     *
     * @throws IllegalArgumentException the units differ, or there is no such peer
     */
    void check(String row, String rowUnit, Map<String, Samples> peers) {
        if (unit != null && !unit.equals(rowUnit)) {
            throw new IllegalArgumentException(
                    "Target \"" + text + "\" of \"" + row + "\" is in " + unit + ", but the row is in " + rowUnit);
        }
        if (peer != null && !peers.containsKey(peer)) {
            throw new IllegalArgumentException("Target \"" + text + "\" of \"" + row + "\" compares with " + peer
                    + ", but the row's peers are " + peers.keySet());
        }
    }

    /** Whether it is reached; {@code null} if the peer that it compares with was not measured. */
    Boolean met(Better better, double ours, Map<String, Samples> peers) {
        if (form == Form.BOUND) {
            return holds(ours, number);
        }
        Double other = peers.get(peer).median();
        if (other == null) {
            return null;
        }
        return switch (form) {
            case MARGIN -> holds(ours, other + number);
            case TIMES -> holds(ours, other * number);
            default -> holds(better.ratio(ours, other), number);
        };
    }

    private boolean holds(double value, double bound) {
        return atMost ? value <= bound : value >= bound;
    }

    @Override
    public String toString() {
        return text;
    }
}
