package run.measure.exec;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import run.measure.Benchmark;
import run.measure.Better;
import run.measure.Command;
import run.measure.MeasureException;
import run.measure.Measurement;
import run.measure.Rounds;
import run.measure.Rounds.Turn;
import run.measure.Row;
import run.measure.Samples;

/**
 * How fast the emulated processor is: programs of {@code run/programs} from start to end, for the first Alphas and for EV67.
 * Ours is a run in a resident kernel that gets no faster any more; beside it the second run there, a run in
 * a machine of its own, qemu-alpha on the same file, and the same source compiled for the host. All on Alphas must write the same.
 */
public final class CpuBenchmark implements Benchmark {

    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final String NATIVE = "native";
    private static final String PRIVATE = "private";
    private static final String SECOND = "second";

    /**
     * A program with arguments that take qemu-alpha two to seven seconds, so that what a start costs, which {@link ExecBenchmark} measures,
     * is little of a warm run; and with such that take it a third of a second or less.
     */
    private record Case(String program, List<String> arguments, List<String> quick) {}

    private static final List<Case> CASES = List.of(one("sieve", "150000000", "10000000"),
            one("quicksort", "5000000", "300000"), one("vm", "130000", "8000"), one("nbody", "1500000", "40000"),
            one("matrix", "400", "120"), one("hash", "35000000", "2000000"), one("pidigits", "12000", "2000"),
            one("churn", "1300000", "60000"),
            new Case("recurse", List.of("40", "3", "10"), List.of("32", "2", "300")),
            one("compress", "60000", "1000"), one("regex", "4000", "60"), one("parse", "80000", "2500"),
            one("queens", "15", "10"), one("mandel", "900", "100"), one("life", "6000", "150"),
            one("table", "10000000", "500000"), one("heap", "2500000", "100000"), one("bytes", "7000", "150"),
            one("waves", "6000", "120"), one("tree", "500000", "60000"));

    private String mean = "";

    private static Case one(String program, String argument, String quick) {
        return new Case(program, List.of(argument), List.of(quick));
    }

    @Override
    public String name() {
        return "cpu";
    }

    @Override
    public String description() {
        return "Alpha programs beside qemu-alpha: in a warm resident kernel, the second run there, a machine's own, and native code.";
    }

    @Override
    public String needs() {
        return "alpha-linux-gnu-gcc, qemu-alpha; gcc for the native column";
    }

    @Override
    public String remark() {
        return mean;
    }

    @Override
    public List<Row> run(Measurement m) throws MeasureException, InterruptedException {
        m.peers().require("qemu-alpha");
        NativePrograms host = new NativePrograms(m);
        List<Row> rows = new ArrayList<>();
        try (ResidentKernel kernel = new ResidentKernel(m.tree().spin(), LIMIT)) {
            for (String processor : List.of("ev4", "ev67")) {
                AlphaPrograms programs = new AlphaPrograms(m, processor);
                for (Case one : CASES) {
                    List<String> arguments = m.quick() ? one.quick : one.arguments;
                    rows.add(measure(m, kernel, programs.program(one.program), host.program(one.program), arguments,
                            one.program + " " + String.join(" ", arguments) + " " + processor));
                }
                rows.add(threads(m, kernel, programs.program("crowd"), host.program("crowd"), processor));
            }
        }
        mean = "Geometric means of QEMU's time divided by ours: %.2f (wanted: 3), second run %.2f, private machine %.2f; by native code's %.2f."
                .formatted(mean(rows, Rounds.OURS), mean(rows, SECOND), mean(rows, PRIVATE), mean(rows, NATIVE));
        return rows;
    }

    /** Geometric mean of how many times faster than qemu-alpha a contender is; not a number if there is no figure of it. */
    private static double mean(List<Row> rows, String contender) {
        return Math.exp(rows.stream().filter(row -> row.unit().equals("s")).mapToDouble(row -> {
            Samples samples = contender.equals(Rounds.OURS) ? row.ours() : row.peers().get(contender);
            Double median = samples.median();
            return median == null ? Double.NaN : Math.log(row.peers().get("qemu").median() / median);
        }).average().orElse(Double.NaN));
    }

    private static Row measure(Measurement m, ResidentKernel kernel, Path program, Path host, List<String> arguments,
            String name) throws MeasureException, InterruptedException {
        List<String> what = List.of(name);
        Command.Outcome[] expected = new Command.Outcome[1];
        Map<String, Turn> contenders = new LinkedHashMap<>();
        contenders.put("qemu", () -> {
            Command.Outcome outcome = command(program, List.of("qemu-alpha"), arguments, Map.of()).run();
            expected[0] = expected[0] == null ? outcome : ExecBenchmark.same("qemu-alpha", what, expected[0], outcome);
            return outcome.seconds();
        });
        contenders.put(PRIVATE, () -> ExecBenchmark.same("run/spin exec --new", what, expected[0],
                command(program, kernel.exec("--new"), arguments, kernel.environment()).run()).seconds());
        Command ours = command(program, kernel.exec(), arguments, kernel.environment());
        contenders.put(SECOND, () -> {
            kernel.restart();
            ExecBenchmark.same("run/spin exec", what, expected[0], ours.run());
            Command.Outcome second = ExecBenchmark.same("run/spin exec", what, expected[0], ours.run());
            kernel.mustHaveServed(2);
            return second.seconds();
        });
        contenders.put(Rounds.OURS, () -> {
            int[] served = {2};
            double settled = Rounds.settled(() -> {
                served[0]++;
                return ExecBenchmark.same("run/spin exec", what, expected[0], ours.run()).seconds();
            });
            kernel.mustHaveServed(served[0]);
            return settled;
        });
        if (host != null) {
            contenders.put(NATIVE, () -> nativeSeconds(host, arguments, expected[0]));
        }
        Map<String, Samples> figures = new LinkedHashMap<>(m.rounds().inTurn("cpu: " + name, contenders));
        figures.putIfAbsent(NATIVE, Samples.none());
        return Row.of(name, "s", Better.LOWER, figures, ">= 1 x qemu");
    }

    /** How many times faster two threads do what one does, on two processors. */
    private static Row threads(Measurement m, ResidentKernel kernel, Path program, Path host, String processor)
            throws MeasureException, InterruptedException {
        String units = m.quick() ? "150" : "8000";
        String name = "crowd, 2 threads, " + processor;
        Map<String, Turn> contenders = new LinkedHashMap<>();
        contenders.put("qemu", () -> gain(program, List.of("qemu-alpha"), units, Map.of()));
        contenders.put(Rounds.OURS, () -> {
            kernel.restart();
            gain(program, kernel.exec(), units, kernel.environment());
            return gain(program, kernel.exec(), units, kernel.environment());
        });
        if (host != null) {
            contenders.put(NATIVE, () -> gain(host, List.of(), units, Map.of()));
        }
        Map<String, Samples> figures = new LinkedHashMap<>(m.rounds().inTurn("cpu: " + name, contenders));
        figures.put(PRIVATE, Samples.none());
        figures.put(SECOND, Samples.none());
        figures.putIfAbsent(NATIVE, Samples.none());
        return Row.of(name, "times", Better.HIGHER, figures, ">= 1.8 times");
    }

    private static double gain(Path program, List<String> runner, String units, Map<String, String> environment)
            throws MeasureException, InterruptedException {
        Command.Outcome one = command(program, runner, List.of("1", units), environment).run();
        Command.Outcome two = command(program, runner, List.of("2", units), environment).run();
        ExecBenchmark.same("two threads", List.of("crowd"), one, two);
        return one.seconds() / two.seconds();
    }

    /** Host's libraries may round the last digit of a sine otherwise, so output is not compared, but the status is. */
    private static double nativeSeconds(Path host, List<String> arguments, Command.Outcome expected)
            throws MeasureException, InterruptedException {
        Command command = command(host, List.of(), arguments, Map.of());
        Command.Outcome outcome = command.run();
        if (outcome.status() != expected.status()) {
            throw new MeasureException(command + " on the host itself ended with status " + outcome.status()
                    + ", under qemu-alpha with " + expected.status() + ":\n" + outcome.lastWords());
        }
        return outcome.seconds();
    }

    private static Command command(Path program, List<String> runner, List<String> arguments,
            Map<String, String> environment) {
        List<String> words = new ArrayList<>(runner);
        words.add(program.toString());
        words.addAll(arguments);
        return new Command(words, program.getParent(), environment, LIMIT);
    }
}
