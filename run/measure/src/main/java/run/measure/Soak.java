package run.measure;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.ServiceLoader;

/** The command behind {@code run/soak}: runs one soak for a while and writes its report. */
public final class Soak {

    private static final String USAGE = """
            run/soak: has random things done to the kernel for a long time, and looks for what goes wrong

              run/soak NAME [MINUTES] [--seed S]   soak; the report goes to target/soak/NAME.json
              run/soak --list                      what there is
              run/soak --help                      this text

            Options:
              --minutes M   as MINUTES: how long; fractions are welcome (default %s)
              --seed S      a whole number that decides what is done when (default: from the clock, and printed)

            Status: 0 all well; 1 a failure was found; 2 wrong use, or something to install first.
            """.formatted(SoakOptions.MINUTES);

    private final List<SoakTest> soaks;
    private final Tree tree;
    private final PrintStream out;
    private final Progress progress;

    Soak(List<SoakTest> soaks, Tree tree, PrintStream out, Progress progress) {
        this.soaks = soaks;
        this.tree = tree;
        this.out = out;
        this.progress = progress;
    }

    /** What there is, in the order of {@code META-INF/services}. */
    static List<SoakTest> all() {
        return ServiceLoader.load(SoakTest.class).stream().map(ServiceLoader.Provider::get).toList();
    }

    /** Ends the virtual machine. {@code measure.home} is the source tree, {@code measure.terminal} tells of progress. */
    public static void main(String[] args) throws InterruptedException {
        Tree tree = new Tree(Path.of(System.getProperty("measure.home", ".")).toAbsolutePath().normalize());
        int status;
        try (Progress progress = new Progress(System.err, Boolean.getBoolean("measure.terminal"))) {
            status = new Soak(all(), tree, System.out, progress).run(List.of(args));
        }
        System.exit(status);
    }

    int run(List<String> words) throws InterruptedException {
        try {
            SoakOptions options = SoakOptions.parse(words, System.currentTimeMillis());
            switch (options.action()) {
                case HELP -> out.print(USAGE);
                case LIST -> soaks.forEach(soak -> out.printf("%-10s %s%n", soak.name(), soak.description()));
                case RUN -> {
                    return soak(Named.find("soak", soaks, SoakTest::name, List.of(options.name())).getFirst(), options);
                }
            }
            return Status.WELL;
        } catch (UsageException e) {
            progress.say("run/soak: " + e.getMessage() + "\nrun/soak --help shows all.");
            return Status.USAGE;
        } catch (MissingException e) {
            progress.say("run/soak: " + e.getMessage());
            return Status.USAGE;
        } catch (MeasureException e) {
            progress.say("run/soak: " + e.getMessage());
            return Status.FAILED;
        }
    }

    private int soak(SoakTest soak, SoakOptions options) throws MeasureException, InterruptedException {
        Report report = new Report(tree);
        String replay = String.format(Locale.ROOT, "run/soak %s --minutes %s --seed %d", soak.name(),
                options.minutesText(), options.seed());
        progress.say(replay);
        long start = System.nanoTime();
        SoakTest.Result result = soak.run(tree, progress, options.minutes(), options.seed());
        double seconds = (System.nanoTime() - start) / 1e9;
        Map<String, Object> particular = new LinkedHashMap<>();
        particular.put("seed", options.seed());
        particular.put("minutes", options.minutes());
        particular.put("seconds", Samples.rounded(seconds));
        particular.put("counts", result.counts());
        particular.put("failures", result.failures());
        particular.put("replay", replay);
        Path file = Report.write(tree.output("soak"), soak.name(), report.of("soak", soak.name(), particular));
        progress.clear();
        result.counts().forEach((name, count) -> out.printf(Locale.ROOT, "%-28s %,15d%n", name, count));
        out.println("\n" + file);
        if (result.failures().isEmpty()) {
            out.println("All well after " + Math.round(seconds) + " s.");
            return Status.WELL;
        }
        result.failures().forEach(failure -> out.println("FAILURE: " + failure));
        out.println("Seed " + options.seed() + ". To have the same things done again: " + replay);
        return Status.FAILED;
    }
}
