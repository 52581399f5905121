package run.itest;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs commands of the host and keeps what they said. */
final class Command {

    /**
     * What a command did.
     *
     * @param status exit status; 128+n when a signal killed it
     * @param output standard output, a character a byte
     * @param error standard error, a character a byte
     */
    record Outcome(int status, String output, String error) {}

    private Command() {}

    /**
     * Runs a command to its end, two minutes at most.
     *
     * @param environment all of it
     * @throws IOException it did not end
     */
    static Outcome run(List<String> words, List<String> environment, byte[] input, Path directory)
            throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("case");
        Path in = Files.write(folder.resolve("in"), input);
        Path out = folder.resolve("out"), err = folder.resolve("err");
        ProcessBuilder builder = new ProcessBuilder(words).directory(directory.toFile()).redirectInput(in.toFile())
                .redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment().clear();
        for (String variable : environment) {
            int equals = variable.indexOf('=');
            builder.environment().put(variable.substring(0, equals), variable.substring(equals + 1));
        }
        Process process = builder.start();
        try {
            if (!process.waitFor(2, TimeUnit.MINUTES)) {
                throw new IOException(words + " did not end within two minutes");
            }
            return new Outcome(process.exitValue(), Files.readString(out, StandardCharsets.ISO_8859_1),
                    Files.readString(err, StandardCharsets.ISO_8859_1));
        } finally {
            process.destroyForcibly();
            for (Path file : List.of(in, out, err, folder)) {
                Files.deleteIfExists(file);
            }
        }
    }
}
