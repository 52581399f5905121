package run.measure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a driver leaves behind: a JSON file, {@code docs/measuring.md} tells its fields. */
final class Report {

    private final Map<String, Object> common = new LinkedHashMap<>();

    /** Looks at the machine and at the sources, once for all reports of a run. */
    Report(Tree tree) throws InterruptedException {
        this(Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(), Commit.of(tree.home()), Machine.describe());
    }

    Report(String when, String commit, Map<String, Object> machine) {
        common.put("when", when);
        common.put("commit", commit);
        common.put("machine", machine);
    }

    String when() {
        return (String) common.get("when");
    }

    String commit() {
        return (String) common.get("commit");
    }

    @SuppressWarnings("unchecked") // put in by the constructor
    Map<String, Object> machine() {
        return (Map<String, Object>) common.get("machine");
    }

    /** The report of one benchmark. */
    Map<String, Object> bench(String name, List<Row> rows) {
        return of("benchmark", name, Map.of("rows", rows.stream().map(Row::json).toList()));
    }

    /** A report of any kind: the kind's name first, then what all have in common, then the particular. */
    Map<String, Object> of(String kind, String name, Map<String, Object> particular) {
        Map<String, Object> report = new LinkedHashMap<>();
        report.put(kind, name);
        report.putAll(common);
        report.putAll(particular);
        return report;
    }

    /** Writes {@code NAME.json}; whoever reads at the same time sees the old one or the new one. */
    static Path write(Path folder, String name, Map<String, Object> report) throws MeasureException {
        Path file = folder.resolve(name + ".json");
        try {
            Files.createDirectories(folder);
            Path whole = Files.writeString(folder.resolve(name + ".json.tmp"), Json.text(report));
            return Files.move(whole, file, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new MeasureException("Cannot write the report " + file + ": " + e, e);
        }
    }
}
