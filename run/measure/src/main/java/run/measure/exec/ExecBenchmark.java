package run.measure.exec;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
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
 * Programs of {@code run/programs}, from their start to their end, as {@code run/spin exec} runs them and as qemu-alpha
 * does. Both must write the same and end with the same status, or there is no figure.
 */
public final class ExecBenchmark implements Benchmark {

    /** With sizes that take qemu-alpha some tenths of a second at most: an interpreter is much slower. */
    private static final List<List<String>> CASES = List.of(List.of("sieve", "300000"), List.of("quicksort", "200000"),
            List.of("recurse", "22", "2", "300"), List.of("vm", "3000"), List.of("nbody", "5000"),
            List.of("matrix", "32"), List.of("md5sum", "sieve"), List.of("hash", "30000"), List.of("strops"),
            List.of("pidigits", "300"), List.of("churn", "5000"));

    private static final Duration LIMIT = Duration.ofMinutes(5);

    @Override
    public String name() {
        return "exec";
    }

    @Override
    public String description() {
        return "Alpha programs, start to end, beside qemu-alpha: as people run them, warming up included.";
    }

    @Override
    public String needs() {
        return "alpha-linux-gnu-gcc, qemu-alpha";
    }

    @Override
    public List<Row> run(Measurement m) throws MeasureException, InterruptedException {
        Path spin = m.tree().spin();
        m.peers().require("qemu-alpha");
        AlphaPrograms programs = new AlphaPrograms(m);
        List<Row> rows = new ArrayList<>();
        for (List<String> one : CASES) {
            Path program = programs.program(one.getFirst());
            List<String> arguments = one.subList(1, one.size());
            Command.Outcome[] expected = new Command.Outcome[1];
            Map<String, Turn> contenders = new LinkedHashMap<>();
            // qemu-alpha goes first in the warm-up, and says what is right
            contenders.put("qemu", () -> {
                Command.Outcome outcome = command(program, List.of("qemu-alpha"), arguments).run();
                expected[0] = expected[0] == null ? outcome : same("qemu-alpha", one, expected[0], outcome);
                return outcome.seconds();
            });
            contenders.put(Rounds.OURS,
                    () -> same("run/spin exec", one, expected[0],
                            command(program, List.of(spin.toString(), "exec"), arguments).run()).seconds());
            rows.add(Row.of(String.join(" ", one), "s", Better.LOWER,
                    m.rounds().warm("exec: " + String.join(" ", one), contenders), null));
        }
        return rows;
    }

    /** Runs beside the program, so that a case can name a program as a file to read. */
    private static Command command(Path program, List<String> runner, List<String> arguments) {
        List<String> words = new ArrayList<>(runner);
        words.add(program.toString());
        words.addAll(arguments);
        return new Command(words, program.getParent(), Map.of(), LIMIT);
    }

    static Command.Outcome same(String who, List<String> what, Command.Outcome expected,
            Command.Outcome outcome) throws MeasureException {
        if (outcome.status() != expected.status() || !Arrays.equals(outcome.output(), expected.output())) {
            throw new MeasureException("\"" + String.join(" ", what) + "\" under " + who + ": status "
                    + outcome.status() + " and " + outcome.output().length
                    + " bytes of output; under qemu-alpha at first: status "
                    + expected.status() + " and " + expected.output().length
                    + " bytes. A figure of a wrong result is none.\n" + outcome.lastWords());
        }
        return outcome;
    }
}
