package run.measure.boot;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import run.measure.Command;
import run.measure.MeasureException;

/**
 * Starts interactive commands on pseudo-terminals, by {@code run/peers/pty.c}.
 *
 * @param helper that program, compiled
 * @param directory where the commands run
 */
record Terminal(Path helper, Path directory) {

    private static final String SECONDS = "120";

    /** What is done while the command stands at its prompt. */
    @FunctionalInterface
    interface AtPrompt {
        void visit(long pid) throws MeasureException;
    }

    /**
     * Starts a command, waits for its prompt and ends it.
     *
     * @return seconds from the command's start to the prompt
     */
    double toPrompt(String prompt, List<String> command, AtPrompt visitor)
            throws MeasureException, InterruptedException {
        List<String> words = new ArrayList<>(List.of(helper.toString(), prompt, SECONDS));
        words.addAll(command);
        try {
            Path errors = Files.createTempFile("measure-", ".err");
            Process process = Command.track(new ProcessBuilder(words).directory(directory.toFile())
                    .redirectError(errors.toFile()).start());
            try (BufferedReader out = new BufferedReader(
                    new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
                String line = out.readLine();
                if (line == null || !line.startsWith("prompt ")) {
                    throw new MeasureException("No prompt \"" + prompt + "\" from " + String.join(" ", command) + ": "
                            + Files.readString(errors).strip());
                }
                String[] fields = line.split(" ");
                visitor.visit(Long.parseLong(fields[2]));
                process.getOutputStream().close(); // lets it type the command that ends the shell
                if (process.waitFor() != 0) {
                    throw new MeasureException(
                            String.join(" ", command) + " does not end by `exit`: " + Files.readString(errors).strip());
                }
                return Long.parseLong(fields[1]) / 1e9;
            } finally {
                Command.untrack(process);
                Files.deleteIfExists(errors);
            }
        } catch (IOException e) {
            throw new MeasureException(
                    "Cannot start " + String.join(" ", command) + " on a terminal: " + e.getMessage(),
                    e);
        }
    }
}
