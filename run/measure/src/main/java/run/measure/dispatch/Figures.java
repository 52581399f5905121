package run.measure.dispatch;

import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a child tells its parent: lines {@code figure NAME VALUE}, and {@code wrong TEXT} when what was measured did not do
 * what it should.
 */
public final class Figures {

    private static final String FIGURE = "figure ";
    private static final String WRONG = "wrong ";

    private final PrintStream out;
    private boolean wrong;

    /** @param out the child's standard output */
    public Figures(PrintStream out) {
        this.out = out;
    }

    /** Writes one figure. @param name without blanks */
    public void put(String name, double value) {
        out.println(FIGURE + name + " " + value);
    }

    /** What was measured must have been right; otherwise the figures are worth nothing. */
    public void check(boolean right, String otherwise) {
        if (!right) {
            wrong = true;
            out.println(WRONG + otherwise);
        }
    }

    /** The child's exit status. */
    public int status() {
        return wrong ? 1 : 0;
    }

    /**
     * Reads them.
     *
     * @throws IllegalArgumentException with the text of what was wrong, or if there is no figure
     */
    public static Map<String, Double> read(String text) {
        Map<String, Double> figures = new LinkedHashMap<>();
        for (String line : text.lines().toList()) {
            if (line.startsWith(WRONG)) {
                throw new IllegalArgumentException(line.substring(WRONG.length()));
            }
            if (line.startsWith(FIGURE)) {
                String[] words = line.substring(FIGURE.length()).split(" ");
                figures.put(words[0], Double.parseDouble(words[1]));
            }
        }
        if (figures.isEmpty()) {
            throw new IllegalArgumentException("it wrote no figure");
        }
        return figures;
    }
}
