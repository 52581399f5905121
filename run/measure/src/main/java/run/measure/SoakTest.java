package run.measure;

import java.util.List;
import java.util.Map;

/** Something that {@code run/soak} runs. To add one, see {@code docs/measuring.md}. */
public interface SoakTest {

    /** What it is called on the command line; the report is {@code target/soak/NAME.json}. */
    String name();

    /** One line: what is done, and what must hold. */
    String description();

    /**
     * Soaks.
     *
     * @param minutes how long
     * @param seed of everything that is decided by chance
     * @return what was done and what went wrong
     * @throws MeasureException the soak itself could not be run
     */
    Result run(Tree tree, Progress progress, double minutes, long seed) throws MeasureException, InterruptedException;

    /**
     * What came out.
     *
     * @param counts how often what was done, by name
     * @param failures what went wrong; empty if all is well
     */
    record Result(Map<String, Long> counts, List<String> failures) {}
}
