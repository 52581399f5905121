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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import run.itest.Command.Outcome;

/** The resident kernel: {@code run/spin start}, {@code stop}, {@code status}, and programs that run there. */
@Timeout(300)
class ResidentIT {

    private static final Path HOME = Path.of(System.getProperty("spin.home"));
    private static final String SPIN = HOME.resolve("run/spin").toString();

    /** The kernel's folder is in it, so that no other kernel of this user is met. */
    @TempDir
    static Path runtime;

    @TempDir
    Path folder;

    @BeforeAll
    static void build() throws Exception {
        Programs.spin();
        Programs.folder();
    }

    @BeforeEach
    void start() throws Exception {
        Outcome outcome = spin("start");
        assertEquals(0, outcome.status(), outcome.error());
        assertEquals("", outcome.error());
    }

    @AfterAll
    static void stop() throws Exception {
        Command.run(List.of(SPIN, "stop", "0"), environment(), new byte[0], HOME);
    }

    private static List<String> environment() {
        return List.of("PATH=" + System.getenv("PATH"), "HOME=" + runtime, "XDG_RUNTIME_DIR=" + runtime);
    }

    private Outcome shell(String script) throws Exception {
        return Command.run(List.of("env", Terminal.NOT_IGNORED, "bash", "-c", script.replace("@SPIN", SPIN)),
                environment(),
                new byte[0], folder);
    }

    private Outcome spin(String words) throws Exception {
        return shell("@SPIN " + words);
    }

    private int served() throws Exception {
        String status = spin("status").output();
        return Integer.parseInt(status.replaceAll("(?s).*running, (\\d+) served.*", "$1"));
    }

    @TestFactory
    Stream<DynamicTest> programsDoWhatTheyDoUnderQemu() throws Exception {
        Path programs = Programs.folder();
        return Case.readAll(HOME.resolve("run/programs/cases.txt")).stream()
                .map(one -> DynamicTest.dynamicTest(one.id(), () -> ProgramsIT.compare(one, programs,
                        List.of(SPIN, "exec"), List.of("XDG_RUNTIME_DIR=" + runtime))));
    }

    /** What a script does under qemu-alpha and here, with the programs' folder as $P. */
    private void same(String script) throws Exception {
        String before = "P=" + Programs.folder() + "; " + script;
        int served = served();
        Outcome expected = shell(before.replace("@EXEC", "qemu-alpha"));
        Outcome got = shell(before.replace("@EXEC", "@SPIN exec"));
        assertEquals(expected.error(), got.error());
        assertEquals(expected.output(), got.output());
        assertEquals(expected.status(), got.status());
        assertTrue(served() > served, "the resident kernel was not used");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '!', quoteCharacter = '"', value = {
            "echo text | @EXEC $P/cat | tr a-z A-Z",
            "@EXEC $P/cat <&-; echo $?; echo text | @EXEC $P/cat >&-; echo $?; echo text | @EXEC $P/cat 2>&-; echo $?",
            "@EXEC $P/cat >/dev/full </etc/passwd; echo $?; @EXEC $P/cat </dev/null",
            "@EXEC $P/spin 100 | head -1; echo ${PIPESTATUS[*]}",
            "seq 1 20000 >n; (@EXEC $P/hello; cat) <n | tail -3",
            "seq 1 20000 >n; (@EXEC $P/upper; cat) <n >all; tail -1 all; wc -c <all",
            "@EXEC $P/hello >both 2>&1; cat both",
            "echo first >log; @EXEC $P/hello >>log 2>>log; cat log; (@EXEC $P/hello; echo last) >log; cat log",
            "echo 12345678 >f; exec 5<>f; read -n 4 x <&5; echo text | @EXEC $P/cat >&5; cat f",
            "umask 077; @EXEC $P/mask; umask 002; @EXEC $P/mask",
            "mkdir -p d; cd d; echo x >y; ln -sfn d ../l; cd ../l; @EXEC $P/cat y",
            "@EXEC $P/hello $'a\\xff\\x80b' $'\\xc3' | od -c; X=$'\\xe9\\xed\\xa0\\x80' @EXEC $P/envdump | grep -a ^X= | od -c",
            "@EXEC $P/hello 'a b' '' $'new\\nline' --mem -c -- é",
            "for s in 0 1 77 255; do @EXEC $P/hello $s >/dev/null 2>&1; echo $?; done",
            "env -i A=1 B='x y' XDG_RUNTIME_DIR=$XDG_RUNTIME_DIR PATH=$PATH LC_ALL=C @EXEC $P/envdump",
            "@EXEC $P/tty </dev/null 2>/dev/null; echo $?; echo | @EXEC $P/tty 2>/dev/null; echo $?"})
    void streamsAndEnvironmentAreTheUsersOwn(String script) throws Exception {
        same(script);
    }

    @ParameterizedTest
    @CsvSource({"TERM, 143", "HUP, 129", "QUIT, 131", "KILL, 137"})
    void signalsReachTheProgram(String signal, int status) throws Exception {
        Outcome outcome = shell("set -m; mkfifo out; @SPIN exec %s > out & exec 8<out; read line <&8; "
                .formatted(Programs.path("pause")) + "kill -%s $!; wait $!".formatted(signal));
        assertEquals(status, outcome.status(), outcome.error());
        awaitNone();
    }

    @Test
    void handlersOfTheProgramRun() throws Exception {
        Outcome outcome = shell("set -m; mkfifo out; @SPIN exec " + Programs.path("pause") + " > out & exec 8<out; "
                + "read a <&8; kill -USR1 $!; read b <&8; kill -INT $!; read c <&8; wait $!; echo $a $b $c $?");
        assertEquals("ready signal interrupted 42\n", outcome.output());
    }

    @Test
    void signalsIgnoredFromTheStartStayIgnored() throws Exception {
        // bash makes what it starts in the background without job control ignore SIGINT and SIGQUIT
        Outcome outcome = shell("mkfifo out; @SPIN exec " + Programs.path("pause") + " > out & exec 8<out; read a <&8; "
                + "kill -INT $!; kill -QUIT $!; kill -USR1 $!; read b <&8; kill -TERM $!; wait $!; echo $a $b $?");
        assertEquals("ready signal 143\n", outcome.output(), outcome.error());
        assertEquals("", outcome.error());
    }

    private void awaitRunning() throws Exception {
        while (!spin("shell -c ps").output().contains("running")) {
            Thread.sleep(20);
        }
    }

    /** No program runs, at last: one of a client that was killed ends a moment later. */
    private void awaitNone() throws Exception {
        while (!spin("status").output().contains("programs: 0 running")) {
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
    void keysOfATerminalAreSignals() throws Exception {
        String pause = Programs.path("pause");
        try (Terminal terminal = new Terminal(folder, environment(), SPIN + " exec " + pause)) {
            terminal.await("ready");
            terminal.type("\003");
            terminal.await("interrupted");
            assertEquals(42, terminal.status());
        }
        try (Terminal terminal = new Terminal(folder, environment(), SPIN + " exec " + pause)) {
            terminal.await("ready");
            terminal.type("\034");
            terminal.await("Quit");
            assertEquals(131, terminal.status());
        }
    }

    @Test
    void theTerminalIsTheUsersOwn() throws Exception {
        String[] ways = {"qemu-alpha", SPIN + " exec"};
        List<String> screens = new ArrayList<>();
        for (String way : ways) {
            try (Terminal terminal = new Terminal(folder, environment(),
                    "stty rows 33 cols 77; " + way + " " + Programs.path("tty")
                            + " raw; stty -a | grep -c -- ' icanon'")) {
                String screen = terminal.await("raw\r\n");
                terminal.type("a\003\032\034\004");
                screen += terminal.await("97\r\n3\r\n26\r\n28\r\n4\r\n");
                terminal.type("q");
                screens.add(screen + terminal.await("\r\n1\r\n"));
                assertEquals(0, terminal.status());
            }
        }
        assertTrue(screens.getFirst().contains("terminals 1 1 1"), screens.getFirst());
        assertTrue(screens.getFirst().contains("size 33 x 77"), screens.getFirst());
        assertEquals(screens.getFirst(), screens.get(1));
    }

    @Test
    void aProgramInTheBackgroundDoesNotReadTheTerminal() throws Exception {
        try (Terminal terminal = new Terminal(folder, environment(), "bash --norc --noprofile -i")) {
            terminal.type("PS1='$ '; " + SPIN + " exec " + Programs.path("cat") + " & echo begun\n");
            terminal.await("begun\r\n");
            // bash tells of it before a prompt
            do {
                terminal.type("jobs; echo asked''\n");
            } while (!terminal.await("asked\r\n").contains("Stopped"));
            terminal.type("fg\n");
            terminal.await("cat\r\n");
            terminal.type("for cat\n");
            terminal.await("for cat\r\nfor cat\r\n");
            terminal.type("\004");
            terminal.type("exit 5\n");
            assertEquals(5, terminal.status());
        }
    }

    @Test
    void theKernelsShellHasJobControlToo() throws Exception {
        try (Terminal terminal = new Terminal(folder, environment(), SPIN + " shell")) {
            terminal.await("spin> ");
            terminal.type("exec " + Programs.path("pause") + "\n");
            terminal.await("ready\r\n");
            terminal.type("\032");
            terminal.await("] stopped  ");
            terminal.await("spin> ");
            terminal.type("jobs\n");
            terminal.await("stopped  " + Programs.path("pause"));
            terminal.await("spin> ");
            terminal.type("fg\n");
            terminal.await("\r\n" + Programs.path("pause") + "\r\n");
            terminal.type("\003");
            terminal.await("interrupted\r\n");
            terminal.await("ended with status 42");
            terminal.await("spin> ");
            terminal.type("\004");
            assertEquals(1, terminal.status());
        }
    }

    @Test
    void aClientThatIsKilledTakesItsProgramWithIt() throws Exception {
        shell("mkfifo out; @SPIN exec " + Programs.path("pause") + " > out & exec 8<out; read line <&8; kill -9 $!; "
                + "cat <&8");
        awaitNone();
    }

    @Test
    void aKernelThatIsKilledIsToldOfAndReplaced() throws Exception {
        Outcome outcome = shell("set -m; mkfifo out; @SPIN exec " + Programs.path("pause")
                + " > out & exec 8<out; read line <&8; read pid <$XDG_RUNTIME_DIR/spin/kernel; kill -9 $pid; wait $!");
        assertEquals(70, outcome.status());
        assertTrue(outcome.error().contains("the resident kernel ended before"), outcome.error());
        assertTrue(Files.exists(runtime.resolve("spin/socket")));
        assertEquals(3, spin("status").status());
        assertEquals(3, shell("@SPIN exec " + Programs.path("hello") + " 3 2>/dev/null").status(),
                "a program gets a machine of its own");
        Outcome started = spin("start");
        assertTrue(started.output().startsWith("started: pid"), started.output());
        assertEquals(0, spin("status").status());
        assertEquals(7, shell("@SPIN exec " + Programs.path("hello") + " 7 2>/dev/null").status());
        assertEquals(1, served());
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

    /** What could be done by somebody who got between: the kernel's folder is opened to others while it runs. */
    @Test
    void theClientTrustsOnlyItsUsersFolder() throws Exception {
        Path folderOfKernel = runtime.resolve("spin");
        try {
            Files.setPosixFilePermissions(folderOfKernel, PosixFilePermissions.fromString("rwxrwx---"));
            Outcome outcome = spin("exec " + Programs.path("hello"));
            assertEquals(70, outcome.status());
            assertTrue(outcome.error().contains("is not a folder of yours alone"), outcome.error());
        } finally {
            Files.setPosixFilePermissions(folderOfKernel, PosixFilePermissions.fromString("rwx------"));
        }
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
