package run.measure.exec;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import run.measure.Command;
import run.measure.MeasureException;
import run.measure.Measurement;
import run.measure.MissingException;

/** What benchmarks of real programs begin with: the programs of {@code run/userland}, and a folder for their files. Stateless. */
final class Userland {

    private Userland() {}

    /** The folder of the programs. @throws MissingException one of these was not built; the message tells how */
    static Path bin(Measurement m, List<String> programs) throws MeasureException, InterruptedException {
        String userland = m.tree().home().resolve("run/userland").toString();
        Path bin = Path.of(Command.of(m.tree().home(), userland, "--root").run().text().strip()).resolve("bin");
        for (String program : programs) {
            if (!Files.isExecutable(bin.resolve(program))) {
                throw new MissingException(
                        "There is no " + program + " for the Alpha: run/userland " + program + " builds it");
            }
        }
        return bin;
    }

    /** A new folder for files. @param benchmark its name @return to be removed by {@link #remove} */
    static Path folder(String benchmark) throws MeasureException {
        try {
            return Files.createTempDirectory("spin-bench-" + benchmark + "-");
        } catch (IOException e) {
            throw new MeasureException("No folder for files: " + e.getMessage(), e);
        }
    }

    /** Removes a folder with all that it has. */
    static void remove(Path folder) throws MeasureException {
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted((a, b) -> b.compareTo(a)).forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            throw new MeasureException("Left behind: " + folder + ": " + e.getMessage(), e);
        }
    }
}
