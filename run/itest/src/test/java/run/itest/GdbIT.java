package run.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** gdb-multiarch debugs a program of threads, signals and a child through {@code run/spin exec --gdb}. Skipped where it is missing. */
@Timeout(240)
class GdbIT {

    private static final Path HOME = Path.of(System.getProperty("spin.home"));
    private static final Path DEBUGGER = Path.of("/usr/bin/gdb-multiarch");
    private static final Path PROGRAM = HOME.resolve("target/programs-gdb/debuggee");
    private static final String DONE = "command-done";

    /** A process whose output is read while it runs. */
    private static final class Child {
        final Process process;
        private final StringBuilder output = new StringBuilder();

        Child(Path runtime, String... command) throws IOException {
            var builder = new ProcessBuilder(command).redirectErrorStream(true);
            builder.environment().put("XDG_RUNTIME_DIR", runtime.toString());
            process = builder.start();
            Thread.ofVirtual().start(() -> {
                try (InputStream in = process.getInputStream()) {
                    for (int b = in.read(); b >= 0; b = in.read()) {
                        synchronized (output) {
                            output.append((char) b);
                        }
                    }
                } catch (IOException e) {
                    // it is gone
                }
            });
        }

        String text() {
            synchronized (output) {
                return output.toString();
            }
        }

        /** Waits for a text after a place. @return where it ends */
        int await(String text, int from) throws InterruptedException {
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(90);
            while (true) {
                int at = text().indexOf(text, from);
                if (at >= 0) {
                    return at + text.length();
                }
                assertTrue(System.nanoTime() < deadline, "waited for \"" + text + "\" after: " + text());
                Thread.sleep(10);
            }
        }
    }

    @TempDir
    Path runtime;
    private final List<Child> children = new ArrayList<>();
    private Child program;
    private Child gdb;

    @BeforeAll
    static void build() throws Exception {
        assumeTrue(Files.exists(DEBUGGER), "missing: " + DEBUGGER + " (apt-get install gdb-multiarch)");
        Programs.spin();
        var builder = new ProcessBuilder(HOME.resolve("run/programs/build").toString(),
                PROGRAM.getParent().toString()).inheritIO();
        builder.environment().put("SPIN_SOURCES", HOME.resolve("run/programs/gdb").toString());
        assertEquals(0, builder.start().waitFor());
    }

    @BeforeEach
    void boot() {
        children.clear();
    }

    @AfterEach
    void end() {
        children.forEach(child -> child.process.destroyForcibly());
    }

    private Child start(String... command) throws IOException {
        Child child = new Child(runtime, command);
        children.add(child);
        return child;
    }

    private void debug(String... arguments) throws Exception {
        List<String> words = new ArrayList<>(
                List.of(HOME.resolve("run/spin").toString(), "exec", "--gdb", "0", PROGRAM.toString()));
        words.addAll(List.of(arguments));
        program = start(words.toArray(String[]::new));
        connect();
        assertTrue(command("handle SIGUSR1 nostop noprint pass").contains("_start"), gdb.text());
    }

    /** Starts the debugger as the program's machine says that it is to be. */
    private void connect() throws Exception {
        int from = program.await("target remote 127.0.0.1:", 0);
        int to = program.await("'", from);
        gdb = start(DEBUGGER.toString(), "-q", "-nx", "-ex", "set confirm off", "-ex", "set pagination off", "-ex",
                "target remote 127.0.0.1:" + program.text().substring(from, to - 1), PROGRAM.toString());
    }

    @Test
    void anotherProgramIsFollowed() throws Exception {
        debug("again");
        command("break add");
        says("catch exec", "Catchpoint");
        says("continue", "exec'd " + PROGRAM);
        says("bt 1", "_start");
        says("continue", "add (number=1)");
        says("print total", "= 0");
        command("delete");
        says("continue", "exited with code 07");
        assertTrue(program.process.waitFor(60, TimeUnit.SECONDS));
        assertEquals(7, program.process.exitValue());
    }

    @Test
    void attachesToWhoRunsAndLetsItRunOn() throws Exception {
        program = start(HOME.resolve("run/spin").toString(), "-c",
                "exec -b " + PROGRAM + " for-ever; gdb 1; wait 1");
        connect();
        says("bt", "main");
        says("info threads", "Thread 1");
        command("handle SIGUSR1 nostop noprint pass");
        // it may not have come that far
        command("tbreak 68");
        says("continue", "total++");
        command("set var total = 5000");
        says("print total", "= 5000");
        says("detach", "etach");
        assertTrue(program.process.isAlive());
    }

    private void type(String line) throws IOException {
        OutputStream in = gdb.process.getOutputStream();
        in.write((line + "\n").getBytes(StandardCharsets.UTF_8));
        in.flush();
    }

    /** What the debugger says to a command. */
    private String command(String line) throws Exception {
        int from = gdb.text().length();
        type(line);
        type("echo " + DONE + "\\n");
        int to = gdb.await(DONE, from);
        return gdb.text().substring(Math.max(0, from - 200), to);
    }

    private void says(String line, String expected) throws Exception {
        String said = command(line);
        assertTrue(said.contains(expected), line + ": " + said);
    }

    @Test
    void breakpointsStepsMemoryAndThreads() throws Exception {
        debug();
        command("break add");
        says("continue", "add (number=1)");
        says("bt 2", "main");
        says("x/i $pc", "ldah");
        says("next", "return total");
        says("print total", "= 1");
        says("stepi", "return total");
        says("finish", "Value returned is");
        command("set var text[0] = 'B'");
        command("set var total = 10");
        command("delete");
        command("break work");
        says("continue", "work (argument=");
        says("info threads", "Thread ");
        assertTrue(command("thread apply all bt 1").split("#0").length >= 3, gdb.text());
        command("delete");
        // the child has no breakpoints, whatever its parent has
        command("break add if number == 11");
        says("continue", "add (number=11)");
        says("continue", "exited with code 07");
        assertTrue(program.process.waitFor(60, TimeUnit.SECONDS));
        assertEquals(7, program.process.exitValue());
        String output = program.text();
        assertTrue(output.contains("total 15, text Before") && output.contains("handled 1, child 6"), output);
    }

    @Test
    void signalsInterruptsDetachAndKill() throws Exception {
        debug("for-ever");
        command("handle SIGUSR1 stop print pass");
        says("continue", "received signal SIGUSR1");
        command("handle SIGUSR1 nostop noprint pass");
        int from = gdb.text().length();
        type("continue");
        program.await("total 27, handled 1, child 5", 0);
        assertEquals(0, new ProcessBuilder("kill", "-INT", Long.toString(gdb.process.pid())).start().waitFor());
        gdb.await("received signal SIGINT", from);
        says("print total > 27", "= ");
        // the loop runs translated by now, and breakpoints count all the same
        command("tbreak *$pc");
        says("continue", "Temporary breakpoint");
        says("kill", "killed");
        assertTrue(program.process.waitFor(60, TimeUnit.SECONDS));
        assertEquals(137, program.process.exitValue());
    }

    @Test
    void whoIsLetGoRunsOn() throws Exception {
        debug();
        command("break add");
        says("continue", "add (number=1)");
        says("detach", "etach");
        assertTrue(program.process.waitFor(60, TimeUnit.SECONDS));
        assertEquals(7, program.process.exitValue());
        assertTrue(program.text().contains("total 27, handled 1, child 5"), program.text());
    }
}
