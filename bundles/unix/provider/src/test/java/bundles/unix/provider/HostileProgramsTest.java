package bundles.unix.provider;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import bundles.unix.api.ExecException;
import bundles.unix.api.Process;
import bundles.unix.api.Processes.Launch;
import bundles.unix.api.Processes.Streams;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import kernel.core.machine.Console;
import kernel.core.strand.Strand;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Programs that take all that they can get ({@code run/programs/hostile}): each is refused by an error, other programs run meanwhile,
 * and nothing of it is left: no process, frame, address space, strand or open file. Skipped without a cross compiler.
 */
@Timeout(300)
class HostileProgramsTest {

    private static final Path FOLDER = Path.of(System.getProperty("spin.programs", "../../../run/programs"), "hostile")
            .toAbsolutePath().normalize();
    private static final Path PROGRAM = Path.of("target/hostile/hostile").toAbsolutePath();
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
    /** Generous: the machine is often busy. */
    private static final long LONG = TimeUnit.SECONDS.toNanos(120);

    private final MemoryConsole console = new MemoryConsole(Console.Kind.PIPE, new byte[0]);
    private DirectMachine machine = new DirectMachine(console, 256);

    @BeforeAll
    static void build() throws IOException, InterruptedException {
        for (Path needed : List.of(FOLDER, Path.of("/usr/bin/alpha-linux-gnu-gcc"))) {
            assumeTrue(Files.exists(needed), "missing: " + needed);
        }
        var builder = new ProcessBuilder("bash", FOLDER.resolveSibling("build").toString(),
                PROGRAM.getParent().toString()).inheritIO();
        builder.environment().put("SPIN_SOURCES", FOLDER.toString());
        assertEquals(0, builder.start().waitFor(), "programs of " + FOLDER);
    }

    @AfterEach
    void nothingIsLeft() throws InterruptedException {
        await("all processes are forgotten", () -> {
            machine.processes.processes().forEach(Process::reap);
            return machine.processes.processes().isEmpty();
        });
        assertEquals(machine.memory.total(), machine.free());
        assertTrue(machine.spaces.spaces().isEmpty());
        assertEquals(0, opened(), "the program's file is still open");
        await("their strands have ended: " + names(), () -> names().isEmpty());
    }

    private List<String> names() {
        return machine.strands.strands().stream().map(Strand::name).filter(name -> name.startsWith("unix-")).toList();
    }

    private static void await(String what, BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + LONG;
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < deadline, "waited in vain until " + what);
            TimeUnit.MILLISECONDS.sleep(2);
        }
    }

    private Process start(ByteArrayOutputStream output, String... arguments) throws ExecException {
        var words = new ArrayList<>(List.of(PROGRAM.toString()));
        words.addAll(List.of(arguments));
        return machine.processes.start(new Launch(PROGRAM.toString(), words, List.of(), "/",
                new Streams.Attached(InputStream.nullInputStream(), output, output)));
    }

    /** Another program begins and ends well, whatever else goes on. */
    private void another() throws ExecException, InterruptedException {
        var output = new ByteArrayOutputStream();
        Process process = start(output, "execs", "1");
        assertTrue(process.join(LONG), "another program does not get on");
        assertEquals("done\n", output.toString(StandardCharsets.UTF_8));
        assertEquals(0, process.status());
        process.reap();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "forks          | more than 100: 1, EAGAIN, all waited for: 1\\nand again: 1",
            "zombies        | more than 100: 1, EAGAIN",
            "threads        | more than 100: 1, EAGAIN, all joined: 1",
            "many 1000      | 1000 processes, sum 49500, waited for 1000",
            "chain 1000     | last",
            "execs 100      | done",
            "files          | 1 1, as many again: 1",
            "limit          | some: 1, all: 0, ENOMEM",
            "storm 1000     | caught some: 1",
            "queue          | more than 100: 1, EAGAIN, all came: 1",
            "nest           | Segmentation fault"})
    void programsAreRefusedAndOthersRun(String command, String expected) throws Exception {
        var output = new ByteArrayOutputStream();
        Process process = start(output, command.split(" "));
        do {
            another();
        } while (!process.join(1));
        process.reap();
        assertEquals(expected.replace("\\n", "\n") + "\n", output.toString(StandardCharsets.UTF_8));
        assertEquals(0, process.status());
    }

    /** Memory and swap space are used up by several at once: each of those is killed, who started them is not. */
    @Test
    void memoryIsUsedUp() throws Exception {
        machine = new DirectMachine(console, 32);
        var output = new ByteArrayOutputStream();
        Process process = start(output, "memory", "5");
        do {
            assertTrue(machine.processes.processes().size() < 9);
        } while (!process.join(TimeUnit.MILLISECONDS.toNanos(10)));
        process.reap();
        assertEquals("killed 5\n", output.toString(StandardCharsets.UTF_8));
        another();
    }

    @Test
    void aForkBombIsBoundedAndCanBeEnded() throws Exception {
        Process first = start(new ByteArrayOutputStream(), "bomb");
        await("it has filled the table", () -> machine.processes.processes().size() > 1000);
        for (int i = 0; i < 3; i++) {
            another();
        }
        assertTrue(machine.processes.processes().size() <= 4096);
        first.signal(9);
        assertTrue(first.join(LONG), "one among thousands cannot be killed");
        machine.processes.endAll();
        await("all have ended", () -> machine.processes.processes().stream().allMatch(Process::ended));
    }

    /** How often the program's file is open on the host. */
    private static long opened() {
        if (!Files.exists(DESCRIPTORS)) {
            return 0;
        }
        try (Stream<Path> open = Files.list(DESCRIPTORS)) {
            return open.filter(HostileProgramsTest::isProgram).count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isProgram(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).equals(PROGRAM);
        } catch (IOException e) {
            return false; // it was closed meanwhile
        }
    }
}
