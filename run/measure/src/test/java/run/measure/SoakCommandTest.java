package run.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import run.measure.soak.SoakChild;

class SoakCommandTest {

    @TempDir
    private Path home;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    /** Has a shell script as its child. */
    private record Fake(String name, String script) implements SoakTest {

        @Override
        public String description() {
            return "does nothing";
        }

        @Override
        public Result run(Tree tree, Progress progress, double minutes, long seed)
                throws MeasureException, InterruptedException {
            return SoakChild.run(
                    new Command(List.of("sh", "-c", script), tree.home(), Map.of(), Duration.ofSeconds(1)), name, tree,
                    progress);
        }
    }

    private int run(String... words) throws InterruptedException {
        return new Soak(
                List.of(new Fake("well", "echo count raises 17"), new Fake("ill", "echo fail lost; exit 1"),
                        new Fake("dead", "echo count raises 5; exit 9")),
                new Tree(home), new PrintStream(out, true, StandardCharsets.UTF_8),
                new Progress(new PrintStream(err, true, StandardCharsets.UTF_8), false)).run(List.of(words));
    }

    private String text() {
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void reportsThatAllIsWell() throws InterruptedException, IOException {
        assertEquals(0, run("well", "--seed", "9", "--minutes", "0.5"));
        String report = Files.readString(home.resolve("target/soak/well.json"));
        assertTrue(report.contains("\"raises\": 17"), report);
        assertTrue(report.contains("\"seed\": 9"), report);
        assertTrue(report.contains("\"failures\": []"), report);
    }

    @Test
    void tellsHowToReplayAFailure() throws InterruptedException, IOException {
        assertEquals(1, run("ill", "--seed", "9", "--minutes", "0.5"));
        assertTrue(text().contains("FAILURE: lost\n"), text());
        assertTrue(text().contains("run/soak ill --minutes 0.5 --seed 9\n"), text());
        assertTrue(Files.readString(home.resolve("target/soak/ill.json")).contains("\"lost\""));
    }

    @Test
    void aChildThatDiesIsAFailure() throws InterruptedException {
        assertEquals(1, run("dead"));
        assertTrue(text().contains("ended with status 9"), text());
    }

    @Test
    void refusesWhatItDoesNotKnow() throws InterruptedException {
        assertEquals(2, run("other"));
        assertEquals(2, run());
        assertEquals(0, run("--list"));
        assertEquals(0, run("--help"));
    }
}
