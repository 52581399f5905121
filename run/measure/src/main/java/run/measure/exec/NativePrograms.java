package run.measure.exec;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import run.measure.Command;
import run.measure.MeasureException;
import run.measure.Measurement;

/** The programs of {@code run/programs} compiled for the host, in {@code target/programs-native}, one when it is wanted. */
final class NativePrograms {

    private static final Duration LIMIT = Duration.ofMinutes(1);

    private final Path sources;
    private final Path folder;
    private final boolean compiler;

    /** @param m whose tree; without a {@code gcc} there are no programs */
    NativePrograms(Measurement m) {
        sources = m.tree().programs();
        folder = m.tree().home().resolve("target/programs-native");
        compiler = exists("gcc");
    }

    private static boolean exists(String command) {
        for (String place : System.getenv().getOrDefault("PATH", "").split(":")) {
            if (Files.isExecutable(Path.of(place, command))) {
                return true;
            }
        }
        return false;
    }

    /** One of them, or {@code null} if it cannot be compiled for the host. */
    Path program(String name) throws MeasureException, InterruptedException {
        if (!compiler) {
            return null;
        }
        Path program = folder.resolve(name);
        Path source = sources.resolve(name + ".c");
        try {
            Files.createDirectories(folder);
            if (Files.exists(program)
                    && Files.getLastModifiedTime(program).compareTo(Files.getLastModifiedTime(source)) > 0) {
                return program;
            }
        } catch (IOException e) {
            throw new MeasureException("No folder for native programs: " + e.getMessage(), e);
        }
        List<String> words = List.of("gcc", "-std=gnu17", "-O2", "-o", program.toString(), source.toString(), "-lm");
        return new Command(words, sources, Map.of(), LIMIT).run().status() == 0 ? program : null;
    }
}
