package run.measure;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceLoader;

/** The command behind {@code run/bench}: runs benchmarks, prints their tables and writes their reports. */
public final class Bench {

    private static final String USAGE = """
            run/bench: measures, next to peers on this machine

              run/bench [OPTIONS] [NAME...]   measure these, or all; reports go to target/bench/NAME.json
              run/bench --list                what can be measured, and why
              run/bench --help                this text

            Options:
              --rounds N    figures taken of each contender (default %d); the median counts
              --quick       short and rough: %d rounds, less warm-up
              --docs        also write the table to docs/figures/NAME.md

            Status: 0 measured; 1 a measurement failed; 2 wrong use, or something to install first;
            3 a row with a target misses it.
            """.formatted(BenchOptions.ROUNDS, BenchOptions.QUICK_ROUNDS);

    private final List<Benchmark> benchmarks;
    private final Tree tree;
    private final PrintStream out;
    private final Progress progress;

    /** What there is, in the order of {@code META-INF/services}. */
    static List<Benchmark> all() {
        return ServiceLoader.load(Benchmark.class).stream().map(ServiceLoader.Provider::get).toList();
    }

    Bench(List<Benchmark> benchmarks, Tree tree, PrintStream out, Progress progress) {
        this.benchmarks = benchmarks;
        this.tree = tree;
        this.out = out;
        this.progress = progress;
    }

    /** Ends the virtual machine. {@code measure.home} is the source tree, {@code measure.terminal} tells of progress. */
    public static void main(String[] args) throws InterruptedException {
        Tree tree = new Tree(Path.of(System.getProperty("measure.home", ".")).toAbsolutePath().normalize());
        int status;
        try (Progress progress = new Progress(System.err, Boolean.getBoolean("measure.terminal"))) {
            status = new Bench(all(), tree, System.out, progress).run(List.of(args));
        }
        System.exit(status);
    }

    int run(List<String> words) throws InterruptedException {
        try {
            BenchOptions options = BenchOptions.parse(words);
            return switch (options.action()) {
                case HELP -> {
                    out.print(USAGE);
                    yield Status.WELL;
                }
                case LIST -> {
                    list();
                    yield Status.WELL;
                }
                case RUN -> measure(Named.find("benchmark", benchmarks, Benchmark::name, options.names()), options);
            };
        } catch (UsageException e) {
            progress.say("run/bench: " + e.getMessage() + "\nrun/bench --help shows all.");
            return Status.USAGE;
        }
    }

    private void list() {
        for (Benchmark benchmark : benchmarks) {
            out.printf("%-10s %s%n", benchmark.name(), benchmark.description());
            if (!benchmark.needs().isEmpty()) {
                out.printf("%-10s needs %s%n", "", benchmark.needs());
            }
        }
    }

    /** The gravest of the single statuses: a failure before something missing before a missed target. */
    private int measure(List<Benchmark> wanted, BenchOptions options) throws InterruptedException {
        Report report = new Report(tree);
        boolean failed = false;
        boolean missing = false;
        boolean missed = false;
        for (Benchmark benchmark : wanted) {
            try {
                missed |= !measure(benchmark, options, report);
            } catch (MissingException e) {
                progress.say("run/bench " + benchmark.name() + ": " + e.getMessage());
                missing = true;
            } catch (MeasureException e) {
                progress.say("run/bench " + benchmark.name() + ": " + e.getMessage());
                failed = true;
            }
        }
        return failed ? Status.FAILED : missing ? Status.USAGE : missed ? Status.MISSED : Status.WELL;
    }

    private boolean measure(Benchmark benchmark, BenchOptions options, Report report)
            throws MeasureException, InterruptedException {
        progress.show(benchmark.name() + ": getting ready");
        Measurement measurement = new Measurement(tree, new Rounds(options.rounds(), progress), new Peers(tree),
                progress, options.quick());
        List<Row> rows = benchmark.run(measurement);
        Path file = Report.write(tree.output("bench"), benchmark.name(), report.bench(benchmark.name(), rows));
        progress.clear();
        out.println(benchmark.name() + ": " + benchmark.description() + "\n");
        out.print(RowTable.of(rows).text());
        if (!benchmark.remark().isEmpty()) {
            out.println("\n" + benchmark.remark().strip());
        }
        out.println("\n" + file);
        if (options.docs()) {
            out.println(MarkdownReport.write(tree.figures(), benchmark, report, rows, options.rounds()));
        }
        out.println();
        return rows.stream().noneMatch(row -> Boolean.FALSE.equals(row.met()));
    }
}
