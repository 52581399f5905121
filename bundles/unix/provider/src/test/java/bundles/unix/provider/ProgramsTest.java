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
