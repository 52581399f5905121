package run.measure;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * A child process with an empty input. Its output goes to files, so that nobody has to keep up with it, and is read when
 * it has ended. What still runs when this virtual machine ends is ended too.
 *
 * @param words the program and its arguments
 * @param directory where it runs
 * @param environment what it has in addition to ours
 * @param limit how long it may take
 */
public record Command(List<String> words, Path directory, Map<String, String> environment, Duration limit) {

    private static final Set<Process> RUNNING = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> RUNNING.forEach(Command::kill)));
    }

    /** Copies the collections. */
    public Command {
        words = List.copyOf(words);
        environment = Map.copyOf(environment);
    }

    /**
     * How a child ended.
     *
     * @param status of its exit
     * @param output what it wrote to its standard output
     * @param errors what it wrote to its standard error
     * @param seconds from before it was started until it had ended
     */
    public record Outcome(int status, byte[] output, byte[] errors, double seconds) {

        /** The standard output as text. */
        public String text() {
            return new String(output, StandardCharsets.UTF_8);
        }

        /** The end of the standard error, for a message. */
        public String lastWords() {
            String text = new String(errors, StandardCharsets.UTF_8).strip();
            return text.length() <= 2000 ? text : "..." + text.substring(text.length() - 2000);
        }
    }

    /** A command that may take a minute and has our environment. */
    public static Command of(Path directory, String... words) {
        return new Command(List.of(words), directory, Map.of(), Duration.ofMinutes(1));
    }

    /**
     * Runs it to its end.
     *
     * @throws MeasureException it does not start, or was ended because it took too long
     */
    public Outcome run() throws MeasureException, InterruptedException {
        Path output = null;
        Path errors = null;
        try {
            output = Files.createTempFile("measure-", ".out");
            errors = Files.createTempFile("measure-", ".err");
            return run(output, errors);
        } catch (IOException e) {
            throw new MeasureException("Cannot run " + this + ": " + e.getMessage(), e);
        } finally {
            delete(output);
            delete(errors);
        }
    }

    private Outcome run(Path output, Path errors) throws IOException, MeasureException, InterruptedException {
        ProcessBuilder builder = builder().redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(output.toFile()).redirectError(errors.toFile());
        long start = System.nanoTime();
        Process process = track(builder.start());
        try {
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                kill(process);
                throw new MeasureException("Did not end within " + limit.toSeconds() + " s: " + this + "\n"
                        + new Outcome(0, new byte[0], Files.readAllBytes(errors), 0).lastWords());
            }
            double seconds = (System.nanoTime() - start) / 1e9;
            return new Outcome(process.exitValue(), Files.readAllBytes(output), Files.readAllBytes(errors), seconds);
        } finally {
            untrack(process);
        }
    }

    /** For a child that is talked with: its builder, with directory and environment set. */
    public ProcessBuilder builder() {
        ProcessBuilder builder = new ProcessBuilder(words).directory(directory.toFile());
        builder.environment().putAll(environment);
        return builder;
    }

    /** Has a process ended when we end; give it to {@link #untrack} when it has ended by itself. */
    public static Process track(Process process) {
        RUNNING.add(process);
        return process;
    }

    /** Ends a process that may still run, with its children, and forgets it. */
    public static void untrack(Process process) {
        kill(process);
        RUNNING.remove(process);
    }

    private static void kill(Process process) {
        if (process.isAlive()) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    private static void delete(Path file) {
        if (file != null) {
            file.toFile().delete();
        }
    }

    @Override
    public String toString() {
        return String.join(" ", words);
    }
}
