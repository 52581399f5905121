package run.measure.vm;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import run.measure.Command;
import run.measure.MissingException;
import run.measure.Tree;
import run.measure.exec.ResidentKernel;

/**
 * Stops and starts extensions through a shell of a resident kernel, ten times a second, and puts one of two schedulers in force
 * in turn.
 */
final class Swapper implements Runnable {

    private static final Duration LIMIT = Duration.ofMinutes(60);
    private static final long PERIOD = TimeUnit.MILLISECONDS.toNanos(100);
    private static final List<String> SCHEDULERS = List.of("stride", "priority");

    private final Command shell;
    private final String line;
    private volatile boolean over;
    private volatile long swaps;
    private volatile String wrong;

    /** @param bundles ids of what is stopped and started; the last one is the scheduler that is put in force then */
    Swapper(Tree tree, ResidentKernel kernel, List<String> bundles) throws MissingException {
        shell = new Command(List.of(tree.spin().toString(), "shell"), tree.home(), kernel.environment(), LIMIT);
        StringBuilder commands = new StringBuilder();
        bundles.forEach(bundle -> commands.append("stop ").append(bundle).append("; start ").append(bundle)
                .append("; "));
        line = commands.toString();
    }

    /** Lets it end soon. */
    void end() {
        over = true;
    }

    /** How often everything was exchanged. */
    long swaps() {
        return swaps;
    }

    /** Why it has ended before it was asked to; or null. */
    String wrong() {
        return wrong;
    }

    @Override
    public void run() {
        try {
            Process process = Command.track(shell.builder().redirectErrorStream(true).start());
            try (Writer to = process.outputWriter(StandardCharsets.UTF_8);
                    BufferedReader from = process.inputReader(StandardCharsets.UTF_8)) {
                while (!over && swap(to, from)) {
                    swaps++;
                }
            } finally {
                Command.untrack(process);
            }
        } catch (IOException | InterruptedException e) {
            wrong = "the shell cannot be reached: " + e;
        }
    }

    private boolean swap(Writer to, BufferedReader from) throws IOException, InterruptedException {
        long start = System.nanoTime();
        to.write(line + "sched " + SCHEDULERS.get((int) (swaps % SCHEDULERS.size())) + "; echo swapped\n");
        to.flush();
        String answer = from.readLine();
        while (answer != null && (answer.isBlank() || answer.contains(" is in force;"))) {
            answer = from.readLine();
        }
        if (!"swapped".equals(answer)) {
            wrong = "the shell answers: " + answer;
            return false;
        }
        TimeUnit.NANOSECONDS.sleep(Math.max(0, start + PERIOD - System.nanoTime()));
        return true;
    }
}
