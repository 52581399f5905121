package run.measure.soak;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import run.measure.Command;
import run.measure.MeasureException;
import run.measure.Progress;
import run.measure.SoakTest;
import run.measure.Tree;

/**
 * Runs a soak in a child process that writes {@code count NAME NUMBER} at least every few seconds and {@code fail TEXT} for
 * what it finds. A child that falls silent, or ends before it said that it may, is a failure too.
 */
public final class SoakChild {

    private static final Duration SILENCE = Duration.ofSeconds(120);

    private final Command command;
    private final Path log;
    private final Progress progress;
    private final Map<String, Long> counts = new LinkedHashMap<>();
    private final List<String> failures = new ArrayList<>();
    private final AtomicLong heard = new AtomicLong(System.nanoTime());
    private final AtomicBoolean silent = new AtomicBoolean();

    private SoakChild(Command command, Path log, Progress progress) {
        this.command = command;
        this.log = log;
        this.progress = progress;
    }

    /**
     * Runs it to its end.
     *
     * @param name of the soak; what the child writes to its standard error goes to {@code target/soak/NAME.log}
     * @throws MeasureException the child cannot be started
     */
    public static SoakTest.Result run(Command command, String name, Tree tree, Progress progress)
            throws MeasureException, InterruptedException {
        Path log = tree.output("soak").resolve(name + ".log");
        try {
            Files.createDirectories(log.getParent());
            return new SoakChild(command, log, progress).run(name);
        } catch (IOException e) {
            throw new MeasureException("Cannot run " + command + ": " + e.getMessage(), e);
        }
    }

    private SoakTest.Result run(String name) throws IOException, InterruptedException {
        long start = System.nanoTime();
        Process process = Command.track(command.builder().redirectError(log.toFile()).start());
        Thread guard = Thread.ofPlatform().daemon().start(() -> guard(process));
        try (BufferedReader out = new BufferedReader(
                new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                heard.set(System.nanoTime());
                take(line);
                progress.show(name + ": " + Duration.ofNanos(System.nanoTime() - start).toSeconds() + " s of "
                        + command.limit().toSeconds() + " s, " + counts);
            }
            int status = process.waitFor();
            if (silent.get()) {
                failures.add("the child wrote nothing for " + SILENCE.toSeconds() + " s and was ended");
            } else if (status != 0 && failures.isEmpty()) {
                failures.add("the child ended with status " + status + "; see " + log);
            }
        } finally {
            guard.interrupt();
            Command.untrack(process);
        }
        return new SoakTest.Result(counts, failures);
    }

    private void take(String line) {
        String[] words = line.split(" ", 3);
        if (words[0].equals("count") && words.length == 3) {
            counts.put(words[1], Long.parseLong(words[2]));
        } else if (line.startsWith("fail ")) {
            failures.add(line.substring("fail ".length()));
        }
    }

    private void guard(Process process) {
        try {
            while (process.isAlive()) {
                if (System.nanoTime() - heard.get() > SILENCE.toNanos()) {
                    silent.set(true);
                    process.destroyForcibly();
                }
                TimeUnit.SECONDS.sleep(1);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // it has ended
        }
    }
}
