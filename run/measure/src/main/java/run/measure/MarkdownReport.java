package run.measure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The figures of a benchmark as a page to be kept with the sources: {@code docs/figures/NAME.md}. */
final class MarkdownReport {

    private MarkdownReport() {}

    static Path write(Path folder, Benchmark benchmark, Report report, List<Row> rows, int rounds)
            throws MeasureException {
        Path file = folder.resolve(benchmark.name() + ".md");
        try {
            Files.createDirectories(folder);
            return Files.writeString(file, text(benchmark, report, rows, rounds));
        } catch (IOException e) {
            throw new MeasureException("Cannot write the page " + file + ": " + e, e);
        }
    }

    static String text(Benchmark benchmark, Report report, List<Row> rows, int rounds) {
        StringBuilder page = new StringBuilder();
        page.append("# ").append(benchmark.name()).append("\n\n").append(benchmark.description()).append("\n\n");
        page.append("Measured ").append(report.when()).append(" at ").append(report.commit()).append(", medians of ")
                .append(rounds).append(rounds == 1 ? " round" : " rounds").append(", by `run/bench ")
                .append(benchmark.name()).append("`. How: [measuring](../measuring.md).\n\n");
        page.append(RowTable.of(rows).markdown()).append('\n');
        if (!benchmark.remark().isEmpty()) {
            page.append("```\n").append(benchmark.remark().strip()).append("\n```\n\n");
        }
        report.machine().forEach((name, value) -> {
            if (value != null) {
                page.append("- ").append(name).append(": ").append(value).append('\n');
            }
        });
        return page.toString();
    }
}
