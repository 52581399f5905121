package run.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchTest {

    @TempDir
    private Path home;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private Bench bench;

    /** Measures a constant. */
    private record Fake(String name, double figure, MeasureException problem) implements Benchmark {

        @Override
        public String description() {
            return "the reason for " + name;
        }

        @Override
        public String needs() {
            return "a compass";
        }

        @Override
        public String remark() {
            return "a remark";
        }

        @Override
        public List<Row> run(Measurement m) throws MeasureException, InterruptedException {
            if (problem != null) {
                throw problem;
            }
            Map<String, Rounds.Turn> contenders = new LinkedHashMap<>();
            contenders.put(Rounds.OURS, () -> figure);
            contenders.put("linux", () -> 2);
            return List.of(Row.of("a row", "s", Better.LOWER, m.rounds().inTurn(name, contenders), "<= 1 s"));
        }
    }

    @BeforeEach
    void makeBench() {
        PrintStream errors = new PrintStream(err, true, StandardCharsets.UTF_8);
        bench = new Bench(
                List.of(new Fake("good", 0.5, null), new Fake("slow", 3, null),
                        new Fake("broken", 0, new MeasureException("the needle is bent")),
                        new Fake("lacking", 0, new MissingException("compass is not installed"))),
                new Tree(home), new PrintStream(out, true, StandardCharsets.UTF_8), new Progress(errors, false));
    }

    private int run(String... words) throws InterruptedException {
        return bench.run(List.of(words));
    }

    private String text(ByteArrayOutputStream stream) {
        return stream.toString(StandardCharsets.UTF_8);
    }

    @Test
    void tellsByItsStatusWhatHappened() throws InterruptedException {
        assertEquals(0, run("good"));
        assertEquals(3, run("good", "slow"));
        assertEquals(2, run("lacking", "slow"));
        assertEquals(1, run("broken", "lacking", "slow"));
        assertEquals(1, run());
        assertTrue(text(err).contains("run/bench broken: the needle is bent"), text(err));
        assertTrue(text(err).contains("run/bench lacking: compass is not installed"), text(err));
    }

    @Test
    void writesTheReportOfWhatWasMeasured() throws InterruptedException, IOException {
        run("broken", "slow", "--rounds", "3");
        String report = Files.readString(home.resolve("target/bench/slow.json"));
        List<String> keys = report.lines().filter(line -> line.matches("  \"\\w+\":.*"))
                .map(line -> line.strip().replaceAll("\"(\\w+)\".*", "$1")).toList();
        assertEquals(List.of("benchmark", "when", "commit", "machine", "rows"), keys);
        assertTrue(report.contains("\"ours\": [3, 3, 3]"), report);
        assertTrue(report.contains("\"met\": false"), report);
        assertTrue(text(out).contains("MISSED"), text(out));
        assertTrue(text(out).contains("a remark"), text(out));
        assertFalse(Files.exists(home.resolve("target/bench/broken.json")));
        assertFalse(Files.exists(home.resolve("docs")));
    }

    @Test
    void writesAPageOnRequest() throws InterruptedException, IOException {
        run("good", "--docs", "--quick");
        String page = Files.readString(home.resolve("docs/figures/good.md"));
        assertTrue(page.startsWith("# good\n\nthe reason for good\n"), page);
        assertTrue(page.contains("| a row |    s | 0.500 |  2.00 | 4.00 x | <= 1 s | met |"), page);
        assertTrue(page.contains("medians of 2 rounds"), page);
    }

    @Test
    void listsWhatThereIsAndWhy() throws InterruptedException {
        assertEquals(0, run("--list"));
        assertTrue(text(out).contains("good       the reason for good\n           needs a compass\n"), text(out));
    }

    @Test
    void refusesUnknownNames() throws InterruptedException {
        assertEquals(2, run("good", "better"));
        assertTrue(text(err).contains("no benchmark \"better\". There are: good, slow, broken, lacking"), text(err));
        assertEquals("", text(out));
    }

    @Test
    void refusesUnknownOptionsAndHelps() throws InterruptedException {
        assertEquals(2, run("--no-such"));
        assertEquals(0, run("--help"));
        assertTrue(text(out).contains("--rounds N"), text(out));
    }

    @Test
    void knowsItsBenchmarksAndSoaks() {
        assertEquals(List.of("boot", "exec", "dispatch", "strands", "vm", "cpu", "net", "unix", "programs"),
                Bench.all().stream().map(Benchmark::name).toList());
        assertEquals(List.of("relink", "dispatch", "strands", "vm"), Soak.all().stream().map(SoakTest::name).toList());
        assertTrue(Bench.all().stream().allMatch(benchmark -> benchmark.description().endsWith(".")));
    }
}
