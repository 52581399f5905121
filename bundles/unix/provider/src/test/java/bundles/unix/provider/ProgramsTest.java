package bundles.unix.provider;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import bundles.unix.provider.ProgramCases.Case;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

/** The cases of {@code run/programs} here and under qemu-alpha. Skipped where these, the compiler or qemu-alpha are missing. */
@Timeout(1200)
class ProgramsTest {

    private static final Path FOLDER = Path.of(System.getProperty("spin.programs", "../../../run/programs"))
            .toAbsolutePath().normalize();

    private static final Path TARGET = Path.of("target").toAbsolutePath();
    private static final Path DATA = TARGET.resolve("data");

    @BeforeAll
    static void build() throws IOException, InterruptedException {
        for (Path needed : List.of(FOLDER.resolve("cases.txt"), Path.of("/usr/bin/qemu-alpha"),
                Path.of("/usr/bin/alpha-linux-gnu-gcc"))) {
            assumeTrue(Files.exists(needed), "missing: " + needed);
        }
        run(FOLDER.resolve("build"), TARGET.resolve("programs").toString());
        run(FOLDER.resolve("build"), TARGET.resolve("programs67").toString(), "-mcpu=ev67");
        run(FOLDER.resolve("mkdata"), DATA.toString());
        build("unix-alpha", "alpha-linux-gnu-gcc");
        build("unix-native", "gcc");
    }

    /** The programs about system calls, for the Alpha and for the machine that the tests run on. */
    private static void build(String target, String compiler) throws IOException, InterruptedException {
        var builder = new ProcessBuilder("bash", FOLDER.resolve("build").toString(),
                TARGET.resolve(target).toString()).inheritIO();
        builder.environment().put("SPIN_SOURCES", FOLDER.resolve("unix").toString());
        builder.environment().put("ALPHA_CC", compiler);
        assertEquals(0, builder.start().waitFor(), "programs of " + FOLDER.resolve("unix"));
    }

    private static void run(Path script, String... arguments) throws IOException, InterruptedException {
        var command = Stream.concat(Stream.of("bash", script.toString()), Stream.of(arguments)).toList();
        assertEquals(0, new ProcessBuilder(command).inheritIO().start().waitFor(), script.toString());
    }

    @TestFactory
    Stream<DynamicTest> generic() throws IOException {
        return tests("programs");
    }

    @TestFactory
    Stream<DynamicTest> ev67() throws IOException {
        return tests("programs67");
    }

    /** Programs about system calls: here, under qemu-alpha unless that cannot do it (no-qemu), and natively (no-native). */
    @TestFactory
    Stream<DynamicTest> systemCalls() throws IOException {
        Path work = Files.createTempDirectory("cases");
        var alpha = new ProgramCases(TARGET.resolve("unix-alpha"), DATA, work);
        var host = new ProgramCases(TARGET.resolve("unix-native"), DATA, work);
        return alpha.read(FOLDER.resolve("unix/cases.txt")).stream()
                .map(run -> DynamicTest.dynamicTest(run.id(), () -> {
                    var actual = alpha.here(run);
                    if (!run.notes().contains("no-native")) {
                        assertEquals(null, actual.difference(host.natively(run), false), "native");
                    }
                    if (!run.notes().contains("no-qemu")) {
                        assertEquals(null, actual.difference(alpha.qemu(run), false), "qemu-alpha");
                    }
                }));
    }

    private static Stream<DynamicTest> tests(String programs) throws IOException {
        var cases = new ProgramCases(TARGET.resolve(programs), DATA, Files.createTempDirectory("cases"));
        return cases.read(FOLDER.resolve("cases.txt")).stream().map(run -> DynamicTest.dynamicTest(run.id(),
                () -> compare(cases, run)));
    }

    private static void compare(ProgramCases cases, Case run) throws Exception {
        var expected = cases.qemu(run);
        var actual = cases.here(run);
        assertEquals(null, actual.difference(expected, run.notes().contains("status-only")));
    }
}
