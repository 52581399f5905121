package run.measure.vm;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import run.measure.Command;
import run.measure.HostWaits;
import run.measure.MeasureException;
import run.measure.Progress;
import run.measure.Samples;
import run.measure.Tree;
import run.measure.exec.ResidentKernel;

/**
 * Runs {@code run/programs/swap.c}, two processes that together use thrice the memory of the machine, in a resident kernel again
 * and again, while scheduler, page replacement and page stores are exchanged ten times a second. For one thread.
 */
public final class SwapLoad {

    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final String EXPECTED = "child: 6144 pages\nparent: 12288 pages, child's status 3\n";
    private static final Pattern LONGEST = Pattern.compile("longest (\\d+) us");
    private static final List<String> EXTENSIONS = List.of("bundles.policies.random", "bundles.pagers.compressed",
            "bundles.policies.stride");

    private final Tree tree;
    private final String program;
    private final List<String> failures = new ArrayList<>();
    private long runs;
    private long swaps;
    private long longest;
    private Samples hostWait = Samples.none();
    private String state = "";

    /** @param program run/programs/swap.c, compiled for the Alpha */
    public SwapLoad(Tree tree, String program) {
        this.tree = tree;
        this.program = program;
    }

    /**
     * Runs it.
     *
     * @param progress is told how it goes
     * @param warmUp runs before anything is exchanged, and whose stops do not count
     * @param nanos how long at least; ends sooner when something fails
     */
    public void run(Progress progress, int warmUp, long nanos) throws MeasureException, InterruptedException {
        try (ResidentKernel kernel = new ResidentKernel(tree.spin(), LIMIT)) {
            kernel.restart("--mem", "16", "--swap", "128");
            Path folder = tree.home().resolve("run/launcher/target/spin/policies");
            List<String> bundles = new ArrayList<>();
            for (String extension : EXTENSIONS) {
                bundles.add(kernel.install(folder.resolve(extension + ".jar")));
            }
            List<String> words = new ArrayList<>(kernel.exec());
            words.addAll(List.of(program, "24", "2", "stops"));
            Command command = new Command(words, tree.home(), kernel.environment(), LIMIT);
            Swapper swapper = new Swapper(tree, kernel, bundles);
            Thread thread = Thread.ofPlatform().name("swapper").start(swapper);
            try {
                for (int i = 0; i < warmUp; i++) {
                    once(kernel, command);
                }
                longest = 0;
                try (HostWaits host = new HostWaits(kernel.process(), "carrier")) {
                    long end = System.nanoTime() + nanos;
                    while (System.nanoTime() < end && failures.isEmpty() && swapper.wrong() == null) {
                        progress.show("vm: " + runs + " runs, " + swapper.swaps() + " swaps, longest stop " + longest
                                + " us");
                        once(kernel, command);
                    }
                    hostWait = host.longest();
                }
            } finally {
                swapper.end();
                thread.join();
            }
            swaps = swapper.swaps();
            if (swapper.wrong() != null) {
                failures.add(swapper.wrong());
            }
            state = kernel.shell("vm; sched").strip();
            if (!state.contains(" 0 lost")) {
                failures.add("pages were lost: " + state);
            }
        }
    }

    private void once(ResidentKernel kernel, Command command) throws MeasureException, InterruptedException {
        Command.Outcome outcome = command.run();
        runs++;
        if (!outcome.text().equals(EXPECTED) || outcome.status() != 0) {
            failures.add("run " + runs + " ended with status " + outcome.status() + " and wrote:\n" + outcome.text()
                    + outcome.lastWords() + "\nThe kernel's log ends with:\n" + kernel.log());
        }
        Matcher stops = LONGEST.matcher(outcome.lastWords());
        while (stops.find()) {
            longest = Math.max(longest, Long.parseLong(stops.group(1)));
        }
    }

    /** What went wrong; empty: nothing. */
    public List<String> failures() {
        return failures;
    }

    /** How often the program was run. */
    public long runs() {
        return runs;
    }

    /** How often everything was exchanged. */
    public long swaps() {
        return swaps;
    }

    /** The longest time that a process was with one page of 8 KB, microseconds. */
    public long longest() {
        return longest;
    }

    /** The longest time that a carrier of strands waited for a processor of the host, milliseconds. */
    public Samples hostWait() {
        return hostWait;
    }

    /** What {@code vm} and {@code sched} showed at the end. */
    public String state() {
        return state;
    }
}
