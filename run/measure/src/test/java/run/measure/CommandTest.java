package run.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandTest {

    @TempDir
    private Path folder;

    @Test
    void tellsStatusAndBothStreams() throws Exception {
        Command.Outcome outcome = new Command(List.of("sh", "-c", "cat; pwd; echo $WORD >&2; exit 3"), folder,
                Map.of("WORD", "oops"), Duration.ofMinutes(1)).run();
        assertEquals(3, outcome.status());
        assertEquals(folder.toRealPath() + "\n", outcome.text());
        assertEquals("oops", outcome.lastWords());
    }

    @Test
    void endsWhatTakesTooLong() {
        Command slow = new Command(List.of("sleep", "600"), folder, Map.of(), Duration.ofMillis(50));
        assertTrue(assertThrows(MeasureException.class, slow::run).getMessage().endsWith("s: sleep 600\n"));
    }

    @Test
    void saysWhatDoesNotStart() {
        assertTrue(assertThrows(MeasureException.class, () -> Command.of(folder, "/no/such/program").run()).getMessage()
                .contains("/no/such/program"));
    }
}
