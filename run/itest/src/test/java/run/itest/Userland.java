package run.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Programs that {@code run/userland} builds from Debian's source packages. */
final class Userland {

    private static final String SCRIPT = Path.of(System.getProperty("spin.home")).resolve("run/userland").toString();

    private Userland() {}

    /** Builds those that most tests need; they are not run where there are no source packages. @return the folder of all */
    static Path build() throws IOException, InterruptedException {
        return build("busybox", "lua", "minigzip");
    }

    /** Builds those that are named; whoever calls is not run where there are no source packages. @return the folder of all */
    static Path build(String... names) throws IOException, InterruptedException {
        Process building = new ProcessBuilder(Stream.concat(Stream.of(SCRIPT), Stream.of(names)).toList())
                .redirectErrorStream(true).start();
        String said = text(building);
        int status = building.waitFor();
        assumeTrue(status != 2, "no source packages: " + said);
        assertEquals(0, status, said);
        return Path.of(text(new ProcessBuilder(SCRIPT, "--root").start()).strip()).resolve("bin");
    }

    private static String text(Process process) throws IOException {
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
}
