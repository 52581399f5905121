package run.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Programs on the console of {@code run/spin}, typed at as a user does: keys, job control, an Alpha shell, an editor. */
@Timeout(1200)
class ConsoleIT {

    private static final String PROMPT = "spin> ";
    private static final String CONTROL_C = "\003", CONTROL_D = "\004", BACKSPACE = "\177", CONTROL_Z = "\032",
            QUIT = "\034", ESCAPE = "\033";

    private static String spin;

    @TempDir
    private Path folder;

    @BeforeAll
    static void build() throws Exception {
        spin = Programs.spin();
    }

    private Terminal boot() throws Exception {
        Terminal terminal = new Terminal(folder, List.of("TERM=xterm", "XDG_RUNTIME_DIR=" + folder),
                "stty rows 24 cols 80; " + spin + "; stty -a | grep -c -- ' icanon'");
        terminal.awaitShown(PROMPT);
        return terminal;
    }

    /** Ends the shell; the terminal is as it was. */
    private static void end(Terminal terminal) throws Exception {
        terminal.type(CONTROL_D);
        terminal.awaitShown("\r\n1\r\n");
        assertEquals(0, terminal.status());
    }

    @Test
    void keysAreThePrograms() throws Exception {
        String pause = Programs.path("pause");
        try (Terminal terminal = boot()) {
            terminal.type("exec " + pause + "\r");
            terminal.awaitShown("ready\r\n");
            terminal.type(CONTROL_C);
            String shown = terminal.awaitShown("ended with status 42") + terminal.awaitShown(PROMPT);
            assertTrue(shown.contains("^Cinterrupted"), shown);
            assertFalse(shown.contains("Exception"), shown);
            terminal.type("exec " + pause + "\r");
            terminal.awaitShown("ready\r\n");
            terminal.type(QUIT);
            terminal.awaitShown("killed by signal SIGQUIT, status 131");
            terminal.awaitShown(PROMPT);
            end(terminal);
        }
    }

    /** Whenever Ctrl-C comes, all that a user sees of it is what becomes of the program, if anything, and a prompt. */
    @Test
    void interruptsOfTheShellGiveAPrompt() throws Exception {
        String pause = Programs.path("pause");
        try (Terminal terminal = boot()) {
            terminal.type("exec -b " + pause + "\r");
            terminal.awaitShown("[1] " + pause, "ready\r", PROMPT);
            int mark = 0;
            for (String command : List.of("wait 1", "top 60000", "exec " + pause + " | grep x", "exec " + pause,
                    "exec -b " + pause + "; fg")) {
                for (int delay : new int[]{1, 10, 50, 100, 1000}) {
                    terminal.type(command + "\r");
                    Thread.sleep(delay);
                    terminal.type(CONTROL_C);
                    Thread.sleep(500); // what is typed at once would be flushed with it
                    terminal.type("echo mark" + ++mark + "\r");
                    String shown = terminal.awaitShown("\nmark" + mark + "\r\n");
                    assertFalse(shown.contains("Exception"), command + " after " + delay + " ms: " + shown);
                }
            }
            end(terminal);
        }
    }

    /** Ctrl-C that kills a program ends the line, also if the last command of a pipeline is one of the shell's own, which just ends. */
    @Test
    void anInterruptEndsTheLine() throws Exception {
        String spin = Programs.path("spin") + " 1000000";
        try (Terminal terminal = boot()) {
            int mark = 0;
            for (String command : List.of("exec " + spin + " | grep none", "exec " + spin)) {
                terminal.type(command + "; echo still\r");
                terminal.awaitShown("still\r");
                Thread.sleep(1000); // it runs then; interrupted earlier, the line ends as well
                terminal.type(CONTROL_C);
                String shown = terminal.awaitShown(PROMPT);
                terminal.type("echo mark" + ++mark + "\r");
                shown += terminal.awaitShown("\nmark" + mark + "\r\n");
                assertFalse(shown.contains("\nstill"), shown);
            }
            end(terminal);
        }
    }

    /** What is typed and read by nobody is for the next reader: the shell, then a program. */
    @Test
    void whatIsTypedAheadIsForTheNext() throws Exception {
        String cat = Programs.path("cat");
        try (Terminal terminal = boot()) {
            terminal.type("exec " + cat + "\r");
            terminal.awaitShown("cat\r");
            terminal.type("one\r");
            terminal.awaitShown("one\r\none\r\n");
            terminal.type("\004echo two\rexec " + cat + "\rthree\r\004echo fo");
            terminal.awaitShown("\ntwo\r\n");
            terminal.awaitShown("three\r\n"); // the echo
            terminal.awaitShown("three\r\n");
            terminal.awaitShown(PROMPT, "echo fo");
            terminal.type("ur\r");
            terminal.awaitShown("\nfour\r\n");
            terminal.awaitShown(PROMPT);
            end(terminal);
        }
    }

    @Test
    void programsStopAndGoOn() throws Exception {
        String pause = Programs.path("pause");
        try (Terminal terminal = boot()) {
            terminal.type("exec " + pause + "\r");
            terminal.awaitShown("ready\r\n");
            terminal.type(CONTROL_Z);
            terminal.awaitShown("[1] stopped  " + pause);
            terminal.awaitShown(PROMPT);
            terminal.type("exec -b " + pause + "\r");
            terminal.awaitShown("[2] " + pause, "ready\r", PROMPT);
            terminal.type("jobs\r");
            String jobs = terminal.awaitShown("running  " + pause);
            assertTrue(jobs.contains("1  stopped  " + pause), jobs);
            terminal.awaitShown(PROMPT);
            terminal.type("bg 1\r");
            terminal.awaitShown("[1] " + pause);
            terminal.awaitShown(PROMPT);
            terminal.type("fg 2\r");
            terminal.awaitShown("\r\n" + pause + "\r\n");
            terminal.type(CONTROL_C);
            terminal.awaitShown("interrupted\r\n");
            terminal.awaitShown(PROMPT);
            terminal.type("kill -KILL 1\r");
            terminal.awaitShown(PROMPT);
            terminal.type("wait 1\r");
            terminal.awaitShown("killed by signal SIGKILL");
            terminal.awaitShown(PROMPT);
            terminal.type("fg\r");
            terminal.awaitShown("no program that is stopped or in the background");
            terminal.awaitShown(PROMPT);
            end(terminal);
        }
    }

    @Test
    void aProgramHasATerminalOfItsOwn() throws Exception {
        try (Terminal terminal = boot()) {
            terminal.type("exec " + Programs.path("tty") + " raw\r");
            String shown = terminal.awaitShown("raw\r\n");
            assertTrue(shown.contains("terminals 1 1 1") && shown.contains("size 24 x 80"), shown);
            terminal.type("a\003\032\034\004");
            terminal.awaitShown("97\r\n3\r\n26\r\n28\r\n4\r\n");
            terminal.type("q");
            terminal.awaitShown(PROMPT);
            terminal.type("exec " + Programs.path("cat") + "\r");
            terminal.awaitShown("cat\r");
            terminal.type("twoo" + BACKSPACE + " words\r");
            terminal.awaitShown("two words\r\n");
            terminal.type(CONTROL_D);
            terminal.awaitShown(PROMPT);
            end(terminal);
        }
    }

    @Test
    void aMachineForOneProgramHasTheUsersTerminal() throws Exception {
        List<String> environment = List.of("TERM=xterm", "XDG_RUNTIME_DIR=" + folder);
        try (Terminal terminal = new Terminal(folder, environment, "stty rows 33 cols 77; " + spin + " exec --new "
                + Programs.path("tty") + " raw; stty -a | grep -c -- ' icanon'")) {
            String shown = terminal.awaitShown("raw\r\n");
            assertTrue(shown.contains("terminals 1 1 1") && shown.contains("size 33 x 77"), shown);
            terminal.type("a\003\032\034\004");
            terminal.awaitShown("97\r\n3\r\n26\r\n28\r\n4\r\n");
            terminal.type("q");
            terminal.awaitShown("\r\n1\r\n");
            assertEquals(0, terminal.status());
        }
        String pause = spin + " exec --new " + Programs.path("pause");
        try (Terminal terminal = new Terminal(folder, environment, "bash --norc --noprofile -i")) {
            terminal.type("PS1='$ '; " + pause + "\n");
            terminal.awaitShown("ready\r\n");
            terminal.type(CONTROL_Z);
            terminal.awaitShown("Stopped");
            terminal.type("fg\n");
            terminal.awaitShown("continued"); // bash names the program before it gives it the terminal
            terminal.type(CONTROL_C);
            terminal.awaitShown("interrupted");
            terminal.type("echo status $?\n");
            terminal.awaitShown("status 42");
            terminal.type(pause + "\n");
            terminal.awaitShown("ready\r\n");
            terminal.type(QUIT);
            terminal.awaitShown("Quit");
            terminal.type("echo status $?\n");
            terminal.awaitShown("status 131");
            terminal.type("exit 5\n");
            assertEquals(5, terminal.status());
        }
    }

    @Test
    void anEditorEditsAFile() throws Exception {
        Path nano = Userland.build("nano").resolve("nano");
        Files.writeString(folder.resolve("text"), "first line\nsecond line\n");
        try (Terminal terminal = boot()) {
            terminal.type("exec " + nano + " text\r");
            terminal.awaitShown("first line", "second line", "^X");
            terminal.type("new ");
            terminal.type("\033[B"); // down
            terminal.type("\013"); // Ctrl-K: cuts the second line
            terminal.type("third");
            terminal.awaitShown("third");
            terminal.type("\017"); // Ctrl-O: writes
            terminal.awaitShown("text");
            terminal.type("\r");
            terminal.awaitShown("Wrote");
            terminal.type("\030"); // Ctrl-X: leaves
            terminal.awaitShown(PROMPT);
            assertEquals("new first line\nthird\n", Files.readString(folder.resolve("text")));
            end(terminal);
        }
    }

    @Test
    void anAlphaShellHasLineEditingAndJobControl() throws Exception {
        Userland.build();
        try (Terminal terminal = boot()) {
            terminal.type("sh\r");
            terminal.awaitShown(" # ");
            terminal.type("echo one tvo" + BACKSPACE + BACKSPACE + "wo\r");
            terminal.awaitShown("\none two\r\n");
            terminal.type("\033[A\r"); // the line before, again
            terminal.awaitShown("\none two\r\n");
            terminal.type("echo edited; cat\r");
            terminal.awaitShown("\nedited\r\n"); // the shell has given the terminal's settings back
            terminal.type("again\r"); // which the shell would not have shown twice: cat has the terminal now
            terminal.awaitShown("again\r\nagain\r\n");
            terminal.type(CONTROL_Z);
            terminal.awaitShown("Stopped");
            terminal.awaitShown(" # ");
            terminal.type("sleep 1000 & jobs\r");
            terminal.awaitShown("Stopped", "Running", " # ");
            terminal.type("fg %1\r");
            terminal.awaitShown("\ncat\r\n");
            terminal.type("more\r");
            terminal.awaitShown("more\r\nmore\r\n");
            terminal.type(CONTROL_C);
            terminal.awaitShown(" # ");
            terminal.type("echo $?\r");
            terminal.awaitShown("\n130\r\n");
            terminal.type("vi text\r");
            terminal.awaitShown("1/1 100%");
            terminal.type("ihello, world" + ESCAPE);
            terminal.awaitShown("- text [Modified]");
            terminal.type(":wq\r");
            terminal.awaitShown(" # ");
            terminal.type("exit 3\r");
            terminal.awaitShown("ended with status 3");
            terminal.awaitShown(PROMPT);
            assertEquals("hello, world\n", Files.readString(folder.resolve("text")));
            end(terminal);
        }
    }
}
