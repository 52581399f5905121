package run.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import run.itest.Command.Outcome;

/** The resident kernel: {@code run/spin start}, {@code stop}, {@code status}, and programs that run there. */
class ResidentIT extends OnResidentKernel {

    @TestFactory
    Stream<DynamicTest> programsDoWhatTheyDoUnderQemu() throws Exception {
        Path programs = Programs.folder();
        return Case.readAll(HOME.resolve("run/programs/cases.txt")).stream()
                .map(one -> DynamicTest.dynamicTest(one.id(), () -> ProgramsIT.compare(one, programs,
                        List.of(SPIN, "exec"), List.of("XDG_RUNTIME_DIR=" + runtime))));
    }

    private void awaitRunning() throws Exception {
        while (!spin("shell -c ps").output().contains("running")) {
            Thread.sleep(20);
        }
    }

    @Test
    void manyRunAtOnce() throws Exception {
        StringBuilder script = new StringBuilder();
        StringBuilder expected = new StringBuilder();
        for (int i = 0; i < 12; i++) {
            script.append(
                    "{ seq %d 30000 | @SPIN exec %s | cksum >out%d; } & ".formatted(i, Programs.path("upper"), i));
            expected.append("seq %d 30000 | cksum; ".formatted(i));
        }
        Outcome sums = shell(script + "wait; for i in $(seq 0 11); do cat out$i; done");
        assertEquals(shell(expected.toString()).output(), sums.output(), sums.error());
    }

    @Test
    void stopEndsProgramsAndSaysSo() throws Exception {
        Outcome outcome = shell("set -m; mkfifo out; @SPIN exec " + Programs.path("pause")
                + " > out & exec 8<out; read line <&8; @SPIN stop; wait $!; echo $?; @SPIN status; echo $?; @SPIN stop");
        assertTrue(outcome.output().contains("1 program was told to end (SIGTERM)\nstopped; "), outcome.output());
        assertTrue(outcome.output().endsWith("served\n143\nno resident kernel runs\n3\nno resident kernel runs\n"),
                outcome.output());
        assertFalse(Files.exists(runtime.resolve("spin/socket")));
    }

    @Test
    void stopKillsWhatDoesNotEnd() throws Exception {
        Outcome outcome = shell("set -m; mkfifo out; @SPIN exec " + Programs.path("stubborn")
                + " > out & exec 8<out; read line <&8; @SPIN stop 0; wait $!; echo $?");
        assertTrue(outcome.output().contains("1 killed after 0 s"), outcome.output());
        assertTrue(outcome.output().endsWith("137\n"), outcome.output());
    }

    @Test
    void aHostSignalStopsItInOrder() throws Exception {
        Outcome outcome = shell("set -m; mkfifo out; @SPIN exec " + Programs.path("pause") + " > out & exec 8<out; "
                + "read line <&8; read pid <$XDG_RUNTIME_DIR/spin/kernel; kill $pid; wait $!; echo $?; "
                + "while kill -0 $pid 2>/dev/null; do sleep 0.05; done; tail -1 $XDG_RUNTIME_DIR/spin/kernel.log");
        assertTrue(outcome.output().startsWith("143\nstopped; "), outcome.output());
        assertEquals(3, spin("status").status());
    }

    @Test
    void theShellRunsCommandsThere() throws Exception {
        Outcome one = shell("@SPIN shell -c 'echo a; ps; machine'");
        assertEquals(0, one.status(), one.error());
        assertTrue(one.output().startsWith("a\n") && one.output().contains("PID  STATE"), one.output());
        Outcome failed = shell("@SPIN shell -c 'kill 77777; echo after'");
        assertEquals(1, failed.status());
        assertTrue(failed.error().contains("There is no process 77777"), failed.error());
        Outcome lines = shell("printf 'echo b\\nfrobnicate\\nexec %s 3 | cat\\n' | @SPIN shell; echo $?"
                .formatted(Programs.path("hello")));
        assertTrue(lines.output().startsWith("b\n") && lines.output().contains("argc=2"), lines.output());
        assertTrue(lines.error().contains("frobnicate"), lines.error());
        Outcome piped = shell("echo text | @SPIN shell -c 'exec %s; echo after'".formatted(Programs.path("cat")));
        assertEquals("text\nafter\n", piped.output(), piped.error());
        Outcome behind = shell("@SPIN shell -c 'exec %s & echo meanwhile && wait' </dev/null"
                .formatted(Programs.path("hello")));
        assertEquals(0, behind.status(), behind.error());
        assertTrue(behind.output().contains("meanwhile\n"), behind.output() + behind.error());
        assertEquals(2, shell("@SPIN shell frob").status());
        Outcome disas = shell("@SPIN shell -c 'disas %s main 4'".formatted(Programs.path("hello")));
        assertTrue(disas.output().startsWith("<main>:\n  0x12"), disas.output());
        assertEquals(0, spin("stop").status());
        assertEquals(3, spin("shell -c ps").status());
    }

    @Test
    void theShellIsForPeopleAsWell() throws Exception {
        try (Terminal terminal = new Terminal(folder, environment(), SPIN + " shell")) {
            terminal.await("spin> ");
            terminal.type("exec " + Programs.path("pause") + "\n");
            terminal.await("ready");
            terminal.type("\003");
            terminal.await("interrupted");
            terminal.await("ended with status 42");
            terminal.await("spin> ");
            terminal.type("echo again\n");
            terminal.await("\nagain");
            terminal.await("spin> ");
            terminal.type("exec " + Programs.path("spin") + " 1000000 | grep none; echo still\n");
            awaitRunning();
            terminal.type("\003");
            String shown = terminal.await("spin> ");
            terminal.type("echo again\n");
            shown += terminal.await("\nagain");
            assertFalse(shown.contains("\nstill"), shown);
            terminal.type("\004");
            assertEquals(0, terminal.status());
        }
    }

    @Test
    void whatWantsAMachineOfItsOwnIsSaidOnce() throws Exception {
        int before = served();
        for (String option : List.of("--trace", "--root /")) {
            String words = "exec " + option + " " + Programs.path("hello") + " 7";
            String note = "run/spin: " + option.split(" ")[0] + " is for a machine of its own";
            Outcome first = spin(words);
            assertEquals(7, first.status(), first.error());
            assertTrue(first.error().contains(note), first.error());
            assertFalse(spin(words).error().contains(note));
        }
        assertEquals(before, served());
        Outcome refused = spin("start --trace");
        assertEquals(2, refused.status());
        assertTrue(refused.error().contains("start wants no --trace"), refused.error());
    }

    @Test
    void startingTwiceIsOnce() throws Exception {
        assertTrue(spin("start").output().startsWith("a resident kernel runs already: pid "));
        Outcome other = spin("start --cpu ev4");
        assertEquals(1, other.status());
        assertTrue(other.error().contains("it is not mem=1024 cpu=ev4 unaligned=fix"), other.error());
    }

    @Test
    void programsThatItCannotServeGetTheirOwnMachine() throws Exception {
        String hello = Programs.path("hello") + " 3 >/dev/null";
        int served = served();
        Outcome memory = shell("@SPIN exec --mem 64 " + hello);
        assertEquals(3, memory.status());
        assertTrue(memory.error().contains("has mem=1024 cpu=ev67 unaligned=fix and not mem=64"), memory.error());
        assertFalse(shell("@SPIN exec --mem 64 " + hello).error().contains("1024"), "said once");
        assertEquals(3, shell("@SPIN exec --cpu ev4 " + hello).status());
        assertEquals(3, shell("@SPIN --new exec " + hello).status());
        assertEquals(3, shell("@SPIN exec --new " + hello).status());
        assertEquals(served, served());
        assertEquals(3, shell("@SPIN --cpu EV67 exec --mem 1024 " + hello).status());
        assertEquals(served + 1, served());
    }

    @Test
    void aKernelOfAnotherBuildIsNotUsed() throws Exception {
        Path known = runtime.resolve("spin/kernel");
        List<String> lines = new ArrayList<>(Files.readAllLines(known));
        List<String> other = new ArrayList<>(lines);
        other.set(3, "/elsewhere");
        try {
            Files.write(known, other);
            Outcome outcome = shell("@SPIN exec " + Programs.path("hello") + " 3 >/dev/null");
            assertEquals(3, outcome.status());
            assertTrue(outcome.error().contains("is of another build"), outcome.error());
            assertEquals(1, spin("start").status());
        } finally {
            Files.write(known, lines);
        }
    }

    @Test
    void aFolderOfOthersIsRefused() throws Exception {
        spin("stop");
        Path open = Files.createDirectories(folder.resolve("open/spin"));
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
        Outcome start = shell("XDG_RUNTIME_DIR=open @SPIN start");
        assertEquals(70, start.status());
        assertTrue(start.error().contains("open/spin is open to others: chmod 700"), start.error());
        Files.createDirectories(folder.resolve("link"));
        Files.createSymbolicLink(folder.resolve("link/spin"), open);
        assertEquals(70, shell("XDG_RUNTIME_DIR=$PWD/link @SPIN start").status());
        Path foreign = Files.createDirectories(folder.resolve("foreign/spin"));
        try {
            Files.setOwner(foreign, foreign.getFileSystem().getUserPrincipalLookupService()
                    .lookupPrincipalByName("nobody"));
        } catch (FileSystemException e) {
            return; // only root can make another user's folder
        }
        Outcome other = shell("XDG_RUNTIME_DIR=$PWD/foreign @SPIN start");
        assertEquals(70, other.status());
        assertTrue(other.error().contains("is not a folder of yours"), other.error());
        Outcome exec = shell("XDG_RUNTIME_DIR=$PWD/foreign @SPIN exec " + Programs.path("hello") + " 3 >/dev/null");
        assertEquals(3, exec.status());
        assertTrue(exec.error().contains("no resident kernel is used"), exec.error());
    }

    @ParameterizedTest
    @CsvSource({"start x, start wants no", "start --mem much, --mem MB", "start --mem 12x, --mem wants",
            "start --cpu ev5, --cpu ev4", "status x, status wants no",
            "stop x, stop wants seconds", "stop 1 2, stop wants no"})
    void wrongUseIsExplained(String words, String said) throws Exception {
        Outcome outcome = spin(words);
        assertEquals(2, outcome.status());
        assertTrue(outcome.error().contains(said) && outcome.error().contains("--help"), outcome.error());
    }
}
