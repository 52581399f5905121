package run.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import run.itest.Command.Outcome;

/** The script {@code run/spin} as people use it, but for {@code exec}. */
class ScriptIT {

    private static final Path HOME = Path.of(System.getProperty("spin.home"));

    private static Outcome spin(String input, String... words) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of(Programs.spin()));
        all.addAll(List.of(words));
        return Command.run(all, List.of("PATH=" + System.getenv("PATH"), "TERM=dumb"),
                input.getBytes(StandardCharsets.UTF_8), HOME);
    }

    @Test
    void commandsRunInTurnAndPrintTheirResults() throws Exception {
        Outcome outcome = spin("", "-c", "lb -s; ps; events");
        assertEquals("", outcome.error());
        assertEquals(0, outcome.status());
        assertTrue(outcome.output().contains("bundles.unix.provider"), outcome::output);
        assertTrue(outcome.output().contains("PID  STATE"), outcome::output);
        assertTrue(outcome.output().contains("Syscall.syscall"), outcome::output);
    }

    @Test
    void aCommandThatFailsEndsTheRestAndIsTheStatus() throws Exception {
        Outcome outcome = spin("", "-c", "echo before; kill 77; echo after");
        assertEquals(1, outcome.status());
        assertEquals("before\n", outcome.output());
        assertTrue(outcome.error().contains("There is no process 77"), outcome::error);
        Outcome unknown = spin("", "-c", "frobnicate");
        assertEquals(1, unknown.status());
        assertTrue(unknown.error().contains("frobnicate"), unknown::error);
        assertFalse(unknown.error().contains("\tat "), unknown::error);
        Outcome half = spin("", "-c", "echo a; {");
        assertEquals(1, half.status());
        assertTrue(half.error().contains("closing quote, bracket or brace"), half::error);
    }

    @Test
    void optionsOfTheVirtualMachineMayHaveSpacesInQuotes() throws Exception {
        List<String> words = List.of(Programs.spin(), "-c",
                "$.context getProperty spin.some; $.context getProperty spin.other");
        List<String> environment = List.of("PATH=" + System.getenv("PATH"), "TERM=dumb",
                "SPIN_JVM=-Dspin.some='a  b' \"-Dspin.other=$c *\"");
        Outcome outcome = Command.run(words, environment, new byte[0], HOME);
        assertEquals("a  b\n$c *\n", outcome.output(), outcome::error);
    }

    @Test
    void aProgramRunsInTheBackgroundAndIsWaitedFor() throws Exception {
        Outcome outcome = spin("", "-c", "exec -b " + Programs.path("hello") + " 3 x; wait; ps");
        assertEquals(0, outcome.status(), outcome::error);
        assertTrue(outcome.output().contains("argv[2]=\"x\""), outcome::output);
        assertTrue(outcome.output().contains("hello 3 x: ended with status 3"), outcome::output);
    }

    @Test
    void aProgramThatEatsAllMemoryEndsAndTheOthersLive() throws Exception {
        Outcome outcome = spin("", "--mem", "64", "--swap", "64", "-c",
                "exec -b -o /dev/null " + Programs.path("spin") + " 30; exec -b "
                        + Programs.path("eat") + " 500; wait; machine");
        assertEquals(0, outcome.status(), outcome::error);
        assertTrue(outcome.output().contains("eat 500: killed by signal SIGKILL, status 137"), outcome::output);
        assertTrue(outcome.output().contains("spin 30: ended with status 0"), outcome::output);
        assertTrue(outcome.output().contains("64 MB free"), outcome::output);
        assertTrue(outcome.error().lines().filter(line -> line.contains("out of memory")).count() == 1
                && outcome.error().contains("eat 500) is killed"), outcome::error);
    }

    @Test
    void aProgramUsesTwiceTheMachinesMemoryAndMore() throws Exception {
        Outcome outcome = spin("", "--mem", "16", "--swap", "64", "-c",
                "exec " + Programs.path("swapspace") + "; exec " + Programs.path("swap") + " 24; vm");
        assertEquals(0, outcome.status(), outcome::error);
        assertTrue(outcome.output().startsWith("sysinfo: swap 64, free 64\nmeminfo: swap 64, free 64\n"
                + "child: 6144 pages\nparent: 12288 pages, child's status 3\n"), outcome::output);
        assertTrue(outcome.output().matches("(?s).*[1-9][0-9]+ stored, [1-9].*"), outcome::output);
    }

    @Test
    void pagersAndPoliciesAreExchangedWhileAProgramSwaps() throws Exception {
        Path policies = Path.of(System.getProperty("spin.assembly")).resolve("policies");
        String exchange = "start file:%s/bundles.policies.random.jar; stop bundles.policies.random; "
                .formatted(policies)
                + "start file:%s/bundles.pagers.compressed.jar; stop bundles.pagers.compressed; ".formatted(policies);
        Outcome outcome = spin("", "--mem", "16", "--swap", "64", "-c",
                "exec -b " + Programs.path("swap") + " 24; " + exchange.repeat(20) + "wait; vm");
        assertEquals(0, outcome.status(), outcome::error);
        assertTrue(outcome.output().contains("child: 6144 pages\nparent: 12288 pages, child's status 3\n"),
                outcome::output);
        assertTrue(outcome.output().contains(" 0 lost"), outcome::output);
    }

    @Test
    void theShellReadsCommandsAndEndsWithItsInput() throws Exception {
        Outcome outcome = spin("machine\nexec " + Programs.path("hello") + " | grep argc\n");
        assertEquals(0, outcome.status(), outcome::error);
        assertTrue(outcome.output().startsWith("SPIN/OSGi: DEC Alpha"), outcome::output);
        assertTrue(outcome.output().contains("processors"), outcome::output);
        assertTrue(outcome.output().contains("argc"), outcome::output);
    }

    @Test
    void helpNeedsNoMachine() throws Exception {
        Outcome outcome = spin("", "--help");
        assertEquals(0, outcome.status());
        assertTrue(outcome.output().contains("run/spin exec PROG ARGS..."), outcome::output);
    }

    @Test
    void withoutAJdkItSaysWhatToInstall() throws Exception {
        Outcome outcome = Command.run(
                List.of("bash", "-c", ". run/lib/jdk.sh; is_jdk() { return 1; }; require_jdk run/spin; echo found"),
                List.of("PATH=" + System.getenv("PATH")), new byte[0], HOME);
        assertEquals(2, outcome.status());
        assertEquals("", outcome.output());
        assertTrue(outcome.error().contains("needs a JDK 25") && outcome.error().contains("apt-get install"),
                outcome::error);
    }
}
