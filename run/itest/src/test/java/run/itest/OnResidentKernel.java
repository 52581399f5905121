package run.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import run.itest.Command.Outcome;

/** What tests of the resident kernel have in common: it runs when a test begins, in a folder of its own. */
@Timeout(300)
abstract class OnResidentKernel {

    static final Path HOME = Path.of(System.getProperty("spin.home"));
    static final String SPIN = HOME.resolve("run/spin").toString();

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
        Command.run(List.of(SPIN, "stop", "0"), fewest(), new byte[0], HOME);
    }

    /** What scripts and terminals are given; a test class may add to it. */
    List<String> environment() {
        return fewest();
    }

    private static List<String> fewest() {
        return List.of("PATH=" + System.getenv("PATH"), "HOME=" + runtime, "XDG_RUNTIME_DIR=" + runtime);
    }

    final Outcome shell(String script) throws Exception {
        return Command.run(List.of("env", Terminal.NOT_IGNORED, "bash", "-c", script.replace("@SPIN", SPIN)),
                environment(),
                new byte[0], folder);
    }

    final Outcome spin(String words) throws Exception {
        return shell("@SPIN " + words);
    }

    final int served() throws Exception {
        String status = spin("status").output();
        return Integer.parseInt(status.replaceAll("(?s).*running, (\\d+) served.*", "$1"));
    }

    /** No program runs, at last: one of a client that was killed ends a moment later. */
    final void awaitNone() throws Exception {
        while (!spin("status").output().contains("programs: 0 running")) {
            Thread.sleep(20);
        }
    }
}
