package bundles.unix.provider;

import bundles.unix.api.ExecException;
import bundles.unix.api.Process;
import bundles.unix.api.Processes.Launch;
import bundles.unix.api.Processes.Streams;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import kernel.core.machine.Console;

/**
 * The runs of {@code run/programs/cases.txt}, which documents the format: each on this machine and under qemu-alpha.
 *
 * @param programs folder of the built programs
 * @param data folder that mkdata made
 * @param work folder for temporary directories
 */
record ProgramCases(Path programs, Path data, Path work) {

    private static final long SECONDS = 120;
    /** Signals by their host number, which qemu-alpha raises for itself, as the Alpha numbers them. */
    private static final Map<Integer, Integer> HOST_SIGNALS = Map.ofEntries(Map.entry(1, 1), Map.entry(2, 2),
            Map.entry(3, 3), Map.entry(4, 4), Map.entry(5, 5), Map.entry(6, 6), Map.entry(7, 10), Map.entry(8, 8),
            Map.entry(9, 9), Map.entry(10, 30), Map.entry(11, 11), Map.entry(12, 31), Map.entry(13, 13),
            Map.entry(14, 14),
            Map.entry(15, 15), Map.entry(17, 20), Map.entry(18, 19), Map.entry(23, 16), Map.entry(24, 24),
            Map.entry(25, 25), Map.entry(26, 26), Map.entry(27, 27), Map.entry(28, 28), Map.entry(29, 23),
            Map.entry(30, 29), Map.entry(31, 12));

    /** A line. */
    record Case(String id, List<String> command, byte[] input, List<String> environment, List<String> notes) {}

    /** What came of a run. */
    record Outcome(byte[] output, byte[] error, int status) {

        String difference(Outcome other, boolean statusOnly) {
            if (status != other.status) {
                return "status " + status + ", not " + other.status + tail(error);
            }
            if (!Arrays.equals(output, other.output)) {
                return "output differs at byte " + Arrays.mismatch(output, other.output) + ": " + around(output, other)
                        + tail(error);
            }
            if (!statusOnly && !Arrays.equals(error, other.error)) {
                return "errors: " + text(error) + ", not " + text(other.error);
            }
            return null;
        }

        private static String around(byte[] mine, Outcome other) {
            int at = Arrays.mismatch(mine, other.output);
            return text(Arrays.copyOfRange(mine, Math.max(0, at - 60), Math.min(mine.length, at + 60))) + " <> "
                    + text(Arrays.copyOfRange(other.output, Math.max(0, at - 60),
                            Math.min(other.output.length, at + 60)));
        }

        private static String tail(byte[] bytes) {
            return bytes.length == 0 ? "" : "; errors: " + text(Arrays.copyOf(bytes, Math.min(bytes.length, 300)));
        }

        private static String text(byte[] bytes) {
            return '"' + new String(bytes, StandardCharsets.UTF_8).replace("\n", "\\n") + '"';
        }
    }

    List<Case> read(Path file) throws IOException {
        List<Case> cases = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            String[] fields = line.split(" \\| ");
            cases.add(new Case(fields[0].strip(), words(fields[1]), input(fields[2].strip()),
                    fields[3].strip().equals("-") ? List.of() : words(fields[3]), words(fields[4])));
        }
        return cases;
    }

    private byte[] input(String field) throws IOException {
        if (field.equals("none")) {
            return new byte[0];
        }
        if (field.startsWith("file:")) {
            return Files.readAllBytes(Path.of(field.substring(5).replace("@DATA", data.toString())));
        }
        return field.substring(5).replace("\\n", "\n").replace("\\t", "\t").replace("\\\\", "\\")
                .getBytes(StandardCharsets.UTF_8);
    }

    static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        StringBuilder word = null;
        char quote = 0;
        for (char c : text.strip().toCharArray()) {
            if (quote != 0) {
                if (c == quote) {
                    quote = 0;
                } else {
                    word.append(c);
                }
            } else if (c == ' ') {
                if (word != null) {
                    words.add(word.toString());
                }
                word = null;
            } else {
                word = word == null ? new StringBuilder() : word;
                if (c == '\'' || c == '"') {
                    quote = c;
                } else {
                    word.append(c);
                }
            }
        }
        if (word != null) {
            words.add(word.toString());
        }
        return words;
    }

    private List<String> command(Case run, Path temporary) {
        List<String> command = new ArrayList<>();
        for (String word : run.command()) {
            command.add(word.replace("@TMP", temporary.toString()).replace("@DATA", data.toString()));
        }
        return command;
    }

    private static void delete(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /** Runs a case here. */
    Outcome here(Case run) throws IOException, InterruptedException, ExecException {
        Path temporary = Files.createDirectory(work.resolve("temporary"));
        try {
            var console = new MemoryConsole(Console.Kind.PIPE, run.input());
            var machine = new DirectMachine(console, 256);
            Process process = machine.processes.start(new Launch(programs.resolve(run.command().getFirst()).toString(),
                    command(run, temporary), run.environment(), work.toString(), new Streams.OnConsole()));
            boolean ended = process.join(TimeUnit.SECONDS.toNanos(SECONDS));
            if (!ended) {
                process.signal(9);
                process.join(TimeUnit.SECONDS.toNanos(10));
            }
            int status = ended ? process.status() : -1;
            process.reap();
            return new Outcome(console.output(Console.OUTPUT), console.output(Console.ERROR), status);
        } finally {
            delete(temporary);
        }
    }

    /** Runs a case under qemu-alpha. */
    Outcome qemu(Case run) throws IOException, InterruptedException {
        return outside(run, List.of("/usr/bin/qemu-alpha", "-L", "/usr/alpha-linux-gnu", "-0",
                run.command().getFirst()));
    }

    /** Runs a case of programs that are of the machine that the tests run on. */
    Outcome natively(Case run) throws IOException, InterruptedException {
        return outside(run, List.of());
    }

    private Outcome outside(Case run, List<String> prefix) throws IOException, InterruptedException {
        Path temporary = Files.createDirectory(work.resolve("temporary"));
        Path input = Files.createTempFile(work, "in", "");
        Path output = Files.createTempFile(work, "out", "");
        Path error = Files.createTempFile(work, "err", "");
        try {
            Files.write(input, run.input());
            List<String> command = command(run, temporary);
            // who runs the tests by nohup, or in the background of a script, would have programs ignore what they raise
            List<String> line = new ArrayList<>(List.of("/usr/bin/env", "--default-signal"));
            line.addAll(prefix);
            line.add(programs.resolve(command.getFirst()).toString());
            line.addAll(command.subList(1, command.size()));
            var builder = new ProcessBuilder(line).directory(work.toFile()).redirectInput(input.toFile())
                    .redirectOutput(output.toFile()).redirectError(error.toFile());
            builder.environment().clear();
            run.environment().forEach(entry -> builder.environment().put(entry.substring(0, entry.indexOf('=')),
                    entry.substring(entry.indexOf('=') + 1)));
            var process = builder.start();
            if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IOException(line + " does not end");
            }
            int status = process.exitValue();
            if (status > 128 && run.notes().contains("fatal")) {
                status = 128 + HOST_SIGNALS.getOrDefault(status - 128, status - 128);
            }
            return new Outcome(Files.readAllBytes(output), Files.readAllBytes(error), status);
        } finally {
            delete(temporary);
            for (Path file : List.of(input, output, error)) {
                Files.delete(file);
            }
        }
    }

    /** Runs cases and prints what differs: {@code PROGRAMS DATA CASES [ID...]}. */
    public static void main(String[] arguments) throws Exception {
        Path work = Files.createTempDirectory("cases");
        var all = new ProgramCases(Path.of(arguments[0]), Path.of(arguments[1]), work);
        List<String> only = List.of(arguments).subList(3, arguments.length);
        int bad = 0;
        int count = 0;
        for (Case run : all.read(Path.of(arguments[2]))) {
            if (!only.isEmpty() && only.stream().noneMatch(run.id()::matches)) {
                continue;
            }
            count++;
            long start = System.nanoTime();
            String difference;
            try {
                Outcome expected = all.qemu(run);
                start = System.nanoTime();
                difference = all.here(run).difference(expected, run.notes().contains("status-only"));
            } catch (ExecException e) {
                difference = e.getMessage();
            }
            if (difference != null) {
                bad++;
                System.out.printf("%s: %s%n", run.id(), difference);
            }
            long milliseconds = (System.nanoTime() - start) / 1_000_000;
            if (milliseconds > 5000) {
                System.out.printf("%s: took %d ms%n", run.id(), milliseconds);
            }
        }
        System.out.printf("%d of %d differ%n", bad, count);
        System.exit(bad == 0 ? 0 : 1);
    }
}
