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

/**
 * How fast the emulated processor is once it is warm: the time that a program takes for a large problem less the time it
 * takes for a smaller one, by {@code run/spin exec} and by qemu-alpha, on the same file, for the first Alphas and for EV67.
 */
public final class CpuBenchmark implements Benchmark {

    private static final Duration LIMIT = Duration.ofMinutes(5);

    /** A program, arguments that let it run for a while, and those that take some seconds more. */
    private record Case(String program, List<String> smaller, List<String> larger) {}

    private static final List<Case> CASES = List.of(one("sieve", "20000000", "80000000"),
            one("quicksort", "1000000", "4000000"), one("vm", "40000", "160000"), one("nbody", "100000", "400000"),
            one("matrix", "200", "450"), one("hash", "5000000", "25000000"), one("pidigits", "3000", "8000"),
            one("churn", "100000", "500000"),
            new Case("recurse", List.of("30", "2", "300"), List.of("38", "2", "300")));

    private String mean = "";

    private static Case one(String program, String smaller, String larger) {
        return new Case(program, List.of(smaller), List.of(larger));
    }

    @Override
    public String name() {
        return "cpu";
    }

    @Override
    public String description() {
        return "Alpha programs once they are warm, beside qemu-alpha: what the translator's code is worth.";
    }

    @Override
    public String needs() {
        return "alpha-linux-gnu-gcc, qemu-alpha";
    }

    @Override
    public String remark() {
        return mean;
    }

    @Override
    public List<Row> run(Measurement m) throws MeasureException, InterruptedException {
        m.peers().require("qemu-alpha");
        List<Row> rows = new ArrayList<>();
        for (String processor : List.of("ev4", "ev67")) {
            AlphaPrograms programs = new AlphaPrograms(m, processor);
            for (Case one : CASES) {
                rows.add(measure(m, one, programs.program(one.program), one.program + " " + processor));
            }
        }
        double logarithms = rows.stream().mapToDouble(row -> Math.log(row.ratio())).average().orElse(0);
        mean = "Geometric mean of the ratios: %.2f x.".formatted(Math.exp(logarithms));
        return rows;
    }

    private static Row measure(Measurement m, Case one, Path program, String name)
            throws MeasureException, InterruptedException {
        Map<String, Command.Outcome> expected = new LinkedHashMap<>();
        Map<String, Turn> contenders = new LinkedHashMap<>();
        contenders.put("qemu", () -> more(one, program, List.of("qemu-alpha"), expected));
        contenders.put(Rounds.OURS,
                () -> more(one, program, List.of(m.tree().spin().toString(), "exec"), expected));
        return Row.of(name, "s", Better.LOWER, m.rounds().inTurn("cpu: " + name, contenders), ">= 1 x qemu");
    }

    /** How much longer the larger problem takes; both results must be those of whoever was first. */
    private static double more(Case one, Path program, List<String> runner, Map<String, Command.Outcome> expected)
            throws MeasureException, InterruptedException {
        double[] seconds = new double[2];
        for (int i = 0; i < 2; i++) {
            List<String> arguments = i == 0 ? one.smaller : one.larger;
            List<String> words = new ArrayList<>(runner);
            words.add(program.toString());
            words.addAll(arguments);
            Command.Outcome outcome = new Command(words, program.getParent(), Map.of(), LIMIT).run();
            Command.Outcome first = expected.putIfAbsent(arguments.toString(), outcome);
            ExecBenchmark.same(runner.getFirst(), words, first == null ? outcome : first, outcome);
            seconds[i] = outcome.seconds();
        }
        // On a busy machine the smaller problem may even take longer: then there is no figure, but next to nothing.
        return Math.max(seconds[1] - seconds[0], 0.001);
    }
}
