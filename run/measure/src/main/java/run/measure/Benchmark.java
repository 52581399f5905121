package run.measure;

import java.util.List;

/** Something that {@code run/bench} measures. To add one, see {@code docs/measuring.md}. */
public interface Benchmark {

    /** What it is called on the command line; the report is {@code target/bench/NAME.json}. */
    String name();

    /** One line: what is measured, and why that matters. */
    String description();

    /** What must be installed to measure it, for the list; empty if nothing but the JDK. */
    String needs();

    /**
     * Measures.
     *
     * @return the rows of the table, in its order
     * @throws MissingException something must be installed first
     * @throws MeasureException the measurement failed
     */
    List<Row> run(Measurement measurement) throws MeasureException, InterruptedException;

    /** Printed below the table, such as other people's figures; empty if there is nothing to say. */
    default String remark() {
        return "";
    }
}
