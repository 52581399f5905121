package run.itest;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import run.itest.Command.Outcome;

/** Programs that are written to a file and go on from it in another machine. */
class CheckpointIT {

    private static final List<String> ENVIRONMENT = List.of("PATH=" + System.getenv("PATH"), "TERM=dumb");

    @TempDir
    Path folder;

    private static String jar() throws IOException, InterruptedException {
        return Path.of(Programs.spin())
                .resolveSibling("launcher/target/spin/policies/bundles.policies.checkpoint.jar").toString();
    }

    private Outcome run(String program, String... words) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(
                List.of(Programs.spin(), "simulate", "--with", jar(), Programs.path(program)));
        all.addAll(List.of(words));
        return Command.run(all, ENVIRONMENT, new byte[0], folder);
    }

    private Outcome shell(String commands) throws IOException, InterruptedException {
        return Command.run(List.of(Programs.spin(), "-c", "start file:" + jar() + "; " + commands),
                ENVIRONMENT, new byte[0], folder);
    }

    @Test
    void aProcessThatWroteItselfGoesOnInAnotherMachine() throws Exception {
        Path whole = folder.resolve("whole");
        Path part = folder.resolve("part");
        Outcome expected = run("longrun", "100", whole.toString());
        assertEquals(0, expected.status(), expected::error);
        assertEquals(new Outcome(42, "", ""), run("longrun", "100", part.toString(), "self"));
        assertTrue(Files.size(part) < Files.size(whole));
        assertEquals(expected, run("restart", part + ".ckpt"));
        assertArrayEquals(Files.readAllBytes(whole), Files.readAllBytes(part));
        // and once more, from the same file
        assertEquals(expected, run("restart", part + ".ckpt"));
    }

    @Test
    void aProcessThatWasWrittenFromOutsideAndKilledGoesOn() throws Exception {
        Path whole = folder.resolve("whole");
        Path part = folder.resolve("part");
        Path saved = folder.resolve("saved");
        Outcome expected = Command.run(
                List.of(Programs.spin(), "exec", Programs.path("longrun"), "1000", whole.toString()), ENVIRONMENT,
                new byte[0], folder);
        assertEquals(0, expected.status(), expected::error);
        Outcome outcome = shell("exec -b " + Programs.path("longrun") + " 1000 " + part + " wait; checkpoint 1 "
                + saved + "; kill -9 1");
        assertTrue(outcome.output().contains(" pages are in " + saved), outcome.output() + outcome.error());
        Files.createFile(folder.resolve("part.go"));
        outcome = shell("exec " + Programs.path("restart") + " " + saved);
        assertTrue(outcome.output().contains(expected.output()), outcome.output() + outcome.error());
        assertArrayEquals(Files.readAllBytes(whole), Files.readAllBytes(part));
    }

    @Test
    void whatCannotBeSavedIsRefusedAndGoesOn() throws Exception {
        Outcome outcome = run("unsaved", folder.resolve("file").toString());
        assertEquals("""
                nothing special: saved
                a pipe: Invalid argument
                shared memory: Invalid argument
                a child: Invalid argument
                no child any more: saved
                a thread: Invalid argument
                restart from nothing: Invalid argument
                """, outcome.output(), outcome::error);
        for (String reason : List.of("descriptor 3 is no file that can be opened again: pipe:", "it shares memory",
                "it has a child", "it has 2 threads", "cannot be read")) {
            assertTrue(outcome.error().contains(reason), outcome.error());
        }
    }

    @Test
    void aProcessThatIsNotThereIsTold() throws Exception {
        assertTrue(shell("checkpoint 7 /tmp/none").error().contains("there is no process 7"));
    }
}
