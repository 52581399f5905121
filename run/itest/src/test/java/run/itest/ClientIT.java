package run.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import run.itest.Command.Outcome;

/** What asks the resident kernel, {@code run/spin exec} and {@code shell}: lends its streams, passes signals on. In Perl and in Java. */
@ParameterizedClass
@ValueSource(strings = {"perl", "java"})
class ClientIT extends OnResidentKernel {

    /** Also the name of its process. */
    @Parameter
    String client;

    @Override
    List<String> environment() {
        return Stream.concat(super.environment().stream(), Stream.of("SPIN_CLIENT=" + client)).toList();
    }

    @Test
    void itIsTheOneThatWasAskedFor() throws Exception {
        Outcome outcome = shell("mkfifo out; @SPIN exec " + Programs.path("pause")
                + " > out & exec 8<out; read line <&8; cat /proc/$!/comm; kill $!");
        assertEquals(client + "\n", outcome.output(), outcome.error());
        awaitNone();
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
            "env -i A=1 B='x y' SPIN_CLIENT=$SPIN_CLIENT XDG_RUNTIME_DIR=$XDG_RUNTIME_DIR PATH=$PATH LC_ALL=C @EXEC $P/envdump",
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
}
