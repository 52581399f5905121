package run.measure.soak.vm;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
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
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import run.measure.Command;
import run.measure.MeasureException;
import run.measure.MissingException;
import run.measure.Peers;
import run.measure.Progress;
import run.measure.SoakTest;
import run.measure.Tree;
import run.measure.exec.ResidentKernel;

/**
 * Runs {@code run/programs/swap.c}, which uses more memory than the machine has, in a resident kernel again and again, while
 * another policy of page replacement and another store come and go ten times a second.
 */
public final class VmSoak implements SoakTest {

    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final String EXPECTED = "child: 6144 pages\nparent: 12288 pages, child's status 3\n";
    private static final Pattern LONGEST = Pattern.compile("longest (\\d+) us");
    private static final long PERIOD = TimeUnit.MILLISECONDS.toNanos(100);

    @Override
    public String name() {
        return "vm";
    }

    @Override
    public String description() {
        return "A program uses thrice the machine's memory, shared since a fork, while page replacement and a store are "
                + "exchanged ten times a second: its output is what it always is.";
    }

    @Override
    public Result run(Tree tree, Progress progress, double minutes, long seed)
            throws MeasureException, InterruptedException {
        String program = program(tree);
        List<String> failures = new ArrayList<>();
        long end = System.nanoTime() + Math.round(minutes * 60e9);
        long runs = 0;
        long longest = 0;
        try (ResidentKernel kernel = new ResidentKernel(tree.spin(), LIMIT)) {
            kernel.restart("--mem", "16", "--swap", "128");
            Path policies = tree.home().resolve("run/launcher/target/spin/policies");
            Swapper swapper = new Swapper(tree, kernel, List.of(
                    kernel.install(policies.resolve("bundles.policies.random.jar")),
                    kernel.install(policies.resolve("bundles.pagers.compressed.jar"))));
            List<String> words = new ArrayList<>(kernel.exec());
            words.addAll(List.of(program, "24", "2", "stops"));
            Command command = new Command(words, tree.home(), kernel.environment(), LIMIT);
            Thread thread = Thread.ofPlatform().name("swapper").start(swapper);
            while (System.nanoTime() < end && failures.isEmpty() && swapper.wrong.get() == null) {
                progress.show("vm: " + runs + " runs, " + swapper.swaps + " swaps, longest stop " + longest + " us");
                Command.Outcome outcome = command.run();
                runs++;
                if (!outcome.text().equals(EXPECTED) || outcome.status() != 0) {
                    failures.add("run " + runs + " ended with status " + outcome.status() + " and wrote:\n"
                            + outcome.text() + outcome.lastWords());
                }
                Matcher stops = LONGEST.matcher(outcome.lastWords());
                while (stops.find()) {
                    longest = Math.max(longest, Long.parseLong(stops.group(1)));
                }
            }
            swapper.over.set(true);
            thread.join();
            if (swapper.wrong.get() != null) {
                failures.add(swapper.wrong.get());
            }
            String state = kernel.shell("vm");
            progress.say(state.strip());
            if (!state.contains(" 0 lost")) {
                failures.add("pages were lost: " + state);
            }
            Map<String, Long> counts = new LinkedHashMap<>();
            counts.put("runs", runs);
            counts.put("swaps", swapper.swaps.get());
            counts.put("longest stop, us", longest);
            return new Result(counts, failures);
        }
    }

    private static String program(Tree tree) throws MeasureException, InterruptedException {
        new Peers(tree).require("alpha-linux-gnu-gcc");
        try {
            Path program = Files.createDirectories(tree.output("soak")).resolve("swap");
            Command.Outcome outcome = Command.of(tree.home(), "alpha-linux-gnu-gcc", "-O2", "-static", "-Wl,--no-relax",
                    "-o", program.toString(), tree.programs().resolve("swap.c").toString()).run();
            if (outcome.status() != 0) {
                throw new MeasureException("run/programs/swap.c does not compile:\n" + outcome.lastWords());
            }
            return program.toString();
        } catch (IOException e) {
            throw new MeasureException("Cannot write the program: " + e.getMessage(), e);
        }
    }

    /** Stops and starts bundles through a shell of the kernel. */
    private static final class Swapper implements Runnable {
        final AtomicBoolean over = new AtomicBoolean();
        final AtomicLong swaps = new AtomicLong();
        final AtomicReference<String> wrong = new AtomicReference<>();
        private final Command shell;
        private final String line;

        Swapper(Tree tree, ResidentKernel kernel, List<String> bundles) throws MissingException {
            shell = new Command(List.of(tree.spin().toString(), "shell"), tree.home(), kernel.environment(), LIMIT);
            StringBuilder commands = new StringBuilder();
            bundles.forEach(bundle -> commands.append("stop ").append(bundle).append("; start ").append(bundle)
                    .append("; "));
            line = commands + "echo swapped\n";
        }

        @Override
        public void run() {
            try {
                Process process = Command.track(shell.builder().redirectErrorStream(true).start());
                try (Writer to = process.outputWriter(StandardCharsets.UTF_8);
                        BufferedReader from = process.inputReader(StandardCharsets.UTF_8)) {
                    while (!over.get()) {
                        long start = System.nanoTime();
                        to.write(line);
                        to.flush();
                        String answer = from.readLine();
                        while (answer != null && answer.isBlank()) {
                            answer = from.readLine();
                        }
                        if (!"swapped".equals(answer)) {
                            wrong.set("the shell answers: " + answer);
                            return;
                        }
                        swaps.incrementAndGet();
                        TimeUnit.NANOSECONDS.sleep(Math.max(0, start + PERIOD - System.nanoTime()));
                    }
                } finally {
                    Command.untrack(process);
                }
            } catch (IOException | InterruptedException e) {
                wrong.set("the shell cannot be reached: " + e);
            }
        }
    }
}
