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
 * does: ours is the second run in a resident kernel, beside the first in a fresh one and one in a machine of its own. All must
 * write the same and end with the same status, or there is no figure.
 */
public final class ExecBenchmark implements Benchmark {

    /** With sizes that take qemu-alpha some tenths of a second at most: an interpreter is much slower. */
    private static final List<List<String>> CASES = List.of(List.of("hello"), List.of("sieve", "300000"),
            List.of("quicksort", "200000"),
            List.of("recurse", "22", "2", "300"), List.of("vm", "3000"), List.of("nbody", "5000"),
            List.of("matrix", "32"), List.of("md5sum", "sieve"), List.of("hash", "30000"), List.of("strops"),
            List.of("pidigits", "300"), List.of("churn", "5000"));

    /** What the user waits for more than under QEMU: the client's start. */
    private static final String TARGET = "<= qemu + 0.1 s";

    private static final Duration LIMIT = Duration.ofMinutes(5);

    @Override
    public String name() {
        return "exec";
    }

    @Override
    public String description() {
        return "Alpha programs, start to end, beside qemu-alpha: second and first run in a resident kernel, and a machine's own.";
    }

    @Override
    public String needs() {
        return "alpha-linux-gnu-gcc, qemu-alpha";
    }

    @Override
    public List<Row> run(Measurement m) throws MeasureException, InterruptedException {
        m.peers().require("qemu-alpha");
        AlphaPrograms programs = new AlphaPrograms(m);
        List<Row> rows = new ArrayList<>();
        try (ResidentKernel kernel = new ResidentKernel(m.tree().spin(), LIMIT)) {
            for (List<String> one : CASES) {
                String name = String.join(" ", one);
                rows.add(Row.of(name, "s", Better.LOWER,
                        m.rounds().warm("exec: " + name, contenders(kernel, programs.program(one.getFirst()), one)),
                        TARGET));
            }
        }
        return rows;
    }

    /** In the order of their turns, which is that of the columns but for ours. */
    private static Map<String, Turn> contenders(ResidentKernel kernel, Path program, List<String> one) {
        List<String> arguments = one.subList(1, one.size());
        Command.Outcome[] expected = new Command.Outcome[1];
        Map<String, Turn> contenders = new LinkedHashMap<>();
        // qemu-alpha goes first in the warm-up, and says what is right
        contenders.put("qemu", () -> {
            Command.Outcome outcome = command(program, List.of("qemu-alpha"), arguments, Map.of()).run();
            expected[0] = expected[0] == null ? outcome : same("qemu-alpha", one, expected[0], outcome);
            return outcome.seconds();
        });
        contenders.put("private", () -> same("run/spin exec --new", one, expected[0],
                command(program, kernel.exec("--new"), arguments, kernel.environment()).run()).seconds());
        contenders.put("first", () -> {
            kernel.restart();
            return same("run/spin exec", one, expected[0],
                    command(program, kernel.exec(), arguments, kernel.environment()).run()).seconds();
        });
        // its turn is always after the first run in the same kernel
        contenders.put(Rounds.OURS, () -> {
            Command.Outcome outcome = same("run/spin exec", one, expected[0],
                    command(program, kernel.exec(), arguments, kernel.environment()).run());
            kernel.mustHaveServed(2);
            return outcome.seconds();
        });
        return contenders;
    }

    /** Runs beside the program, so that a case can name a program as a file to read. */
    private static Command command(Path program, List<String> runner, List<String> arguments,
            Map<String, String> environment) {
        List<String> words = new ArrayList<>(runner);
        words.add(program.toString());
        words.addAll(arguments);
        return new Command(words, program.getParent(), environment, LIMIT);
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
