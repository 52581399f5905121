package run.measure.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import run.measure.MeasureException;
import run.measure.Peers;
import run.measure.Tree;

class TerminalTest {

    @TempDir
    private Path home;

    private Terminal terminal;
    private final List<Long> visits = new ArrayList<>();

    @BeforeEach
    void compileHelper() throws IOException, MeasureException, InterruptedException {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/gcc")), "gcc is not installed");
        Files.copy(Path.of("../peers/pty.c"), Files.createDirectories(home.resolve("run/peers")).resolve("pty.c"));
        terminal = new Terminal(new Peers(new Tree(home)).host("pty"), home);
    }

    private double run(String script) throws MeasureException, InterruptedException {
        return terminal.toPrompt("ready>", List.of("sh", "-c", script), visits::add);
    }

    @Test
    void findsThePromptAmongEscapeSequences() throws MeasureException, InterruptedException {
        String prompt = "printf 'not ready>\\r\\033]0;title\\007\\033[?1h\\033=\\033[1;32mrea\\033[0mdy\\033(B>\\033[3C 12:00'";
        assertTrue(run("test -t 0 || exit 1; " + prompt + "; read line; test \"$line\" = exit") > 0);
        assertEquals(1, visits.size());
    }

    @Test
    void endsAtAnEndOfFileWhatDoesNotKnowExit() throws MeasureException, InterruptedException {
        assertTrue(run("printf 'ready> '; cat") > 0);
    }

    @Test
    void showsWhatWasWrittenInsteadOfAPrompt() {
        String message = assertThrows(MeasureException.class, () -> run("echo no machine here")).getMessage();
        assertTrue(message.contains("No prompt \"ready>\""), message);
        assertTrue(message.contains("no machine here"), message);
        assertEquals(List.of(), visits);
    }
}
