package run.measure.exec;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import run.measure.Command;
import run.measure.MeasureException;

/** A resident kernel that is nobody else's: its socket is in a folder of its own. For one thread. */
public final class ResidentKernel implements AutoCloseable {

    private static final int LAST_LINES = 100;
    /** Those that are not closed: a measurement that is interrupted would leave them running, with what they run. */
    private static final Set<ResidentKernel> OPEN = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> OPEN.forEach(ResidentKernel::kill)));
    }

    private final String spin;
    private final Duration limit;
    private final Path runtime;

    /**
     * @param spin the script
     * @param limit how long starting and stopping may take
     */
    public ResidentKernel(Path spin, Duration limit) throws MeasureException {
        this.spin = spin.toString();
        this.limit = limit;
        try {
            runtime = Files.createTempDirectory("spin-bench-");
        } catch (IOException e) {
            throw new MeasureException("No folder for a resident kernel: " + e.getMessage(), e);
        }
        OPEN.add(this);
    }

    /** What finds it, and what it keeps between one start and the next. */
    public Map<String, String> environment() {
        return Map.of("XDG_RUNTIME_DIR", runtime.toString(), "XDG_CACHE_HOME", runtime.resolve("cache").toString());
    }

    /** The id of its process. */
    public String process() throws MeasureException {
        try {
            return Files.readAllLines(runtime.resolve("spin/kernel")).getFirst();
        } catch (IOException e) {
            throw new MeasureException("The resident kernel does not say which process it is: " + e.getMessage(), e);
        }
    }

    /** The end of its log, for a message: the last hundred lines, or why there are none. */
    public String log() {
        try {
            List<String> lines = Files.readAllLines(runtime.resolve("spin/kernel.log"));
            return String.join("\n", lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size()));
        } catch (IOException e) {
            return "The resident kernel's log cannot be read: " + e.getMessage();
        }
    }

    /** The words before a program. */
    public List<String> exec(String... options) {
        List<String> words = new ArrayList<>(List.of(spin, "exec"));
        words.addAll(List.of(options));
        return words;
    }

    /**
     * Another kernel that knows what this one has found out about programs, as one would after a reboot. To be used when it has made what
     * it knows of.
     *
     * @param settle how long to wait for that
     */
    public void restartKeeping(Duration settle) throws MeasureException, InterruptedException {
        run("stop", "0");
        run("start");
        Thread.sleep(settle);
    }

    /** A fresh kernel, which has run nothing. */
    public void restart() throws MeasureException, InterruptedException {
        restart(new String[0]);
    }

    /** A fresh kernel, another machine than usual. @param options such as {@code --mem} and {@code 64} */
    public void restart(String... options) throws MeasureException, InterruptedException {
        run("stop", "0");
        try {
            Files.deleteIfExists(runtime.resolve("cache/spin/translations"));
        } catch (IOException e) {
            throw new MeasureException("What an earlier kernel has kept cannot be removed: " + e.getMessage(), e);
        }
        List<String> words = new ArrayList<>(List.of("start"));
        words.addAll(List.of(options));
        run(words.toArray(String[]::new));
    }

    /** Installs and starts a bundle in it, by its shell. @param jar the bundle @return its id */
    public String install(Path jar) throws MeasureException, InterruptedException {
        String text = shell("install file:" + jar);
        String id = text.lines().filter(line -> line.startsWith("Bundle ID: ")).map(line -> line.substring(11).strip())
                .findFirst().orElseThrow(() -> new MeasureException("Cannot install " + jar + ": " + text));
        shell("start " + id);
        return id;
    }

    /**
     * Runs a command of its shell.
     *
     * @return what was printed
     * @throws MeasureException it failed
     */
    public String shell(String command) throws MeasureException, InterruptedException {
        // the script reads its commands from standard input
        Command.Outcome outcome = new Command(List.of("sh", "-c", "echo \"$1\" | \"$0\" shell", spin, command), runtime,
                environment(), limit).run();
        if (outcome.status() != 0) {
            throw new MeasureException("run/spin shell, " + command + ":\n" + outcome.lastWords());
        }
        return outcome.text();
    }

    /** Makes sure that it was the resident kernel that ran programs. */
    public void mustHaveServed(int programs) throws MeasureException, InterruptedException {
        String status = run("status").text();
        if (!status.contains(", " + programs + " served")) {
            throw new MeasureException(
                    "The resident kernel did not run the programs; run/spin status says:\n" + status);
        }
    }

    private Command.Outcome run(String... words) throws MeasureException, InterruptedException {
        List<String> all = new ArrayList<>(List.of(spin));
        all.addAll(List.of(words));
        Command.Outcome outcome = new Command(all, runtime, environment(), limit).run();
        if (outcome.status() != 0) {
            throw new MeasureException("run/spin " + String.join(" ", words) + " ended with status " + outcome.status()
                    + ":\n" + outcome.lastWords());
        }
        return outcome;
    }

    private void kill() {
        try {
            ProcessHandle.of(Long.parseLong(process())).ifPresent(ProcessHandle::destroyForcibly);
        } catch (MeasureException e) {
            // It had not started, or has ended.
        }
        try {
            remove();
        } catch (MeasureException e) {
            System.err.println(e.getMessage());
        }
    }

    @Override
    public void close() throws MeasureException {
        try {
            run("stop", "0");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        remove();
        OPEN.remove(this);
    }

    private void remove() throws MeasureException {
        try (Stream<Path> files = Files.walk(runtime)) {
            files.sorted((a, b) -> b.compareTo(a)).forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            throw new MeasureException("Left behind: " + runtime + ": " + e.getMessage(), e);
        }
    }
}
