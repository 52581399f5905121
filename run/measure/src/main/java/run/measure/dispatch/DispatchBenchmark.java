package run.measure.dispatch;

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
import run.measure.Rounds.Turn;
import run.measure.Row;
import run.measure.Samples;
import run.measure.kernel.KernelChild;

/** Nanoseconds to raise an event with more and more handlers, beside the call of the procedure itself. */
public final class DispatchBenchmark implements Benchmark {

    private static final String CALL = "call";
    private static final int MILLISECONDS = 1000;
    private static final int QUICK_MILLISECONDS = 300;
    /** One argument, nothing inlined, microseconds, by number of handlers: OSDI'96 table 1. */
    private static final Map<Integer, Double> SPIN_1996 = Map.of(0, 0.13, 1, 0.39, 5, 1.25, 10, 2.32, 50, 11.51);

    @Override
    public String name() {
        return "dispatch";
    }

    @Override
    public String description() {
        return "Raising an event beside calling its procedure: every service of the kernel is reached this way.";
    }

    @Override
    public String needs() {
        return "";
    }

    @Override
    public List<Row> run(Measurement m) throws MeasureException, InterruptedException {
        Map<String, Turn> ways = new LinkedHashMap<>();
        for (String way : List.of(CALL, "0", "1", "5", "10", "50")) {
            ways.put(way, () -> nanos(m, way));
        }
        Map<String, Samples> figures = m.rounds().inTurn("dispatch", ways);
        List<Row> rows = new ArrayList<>();
        SPIN_1996.keySet().stream().sorted().forEach(handlers -> {
            Map<String, Samples> row = new LinkedHashMap<>();
            row.put("ours", figures.get(handlers.toString()));
            row.put(CALL, figures.get(CALL));
            row.put("spin1996", Samples.known(SPIN_1996.get(handlers) * 1000));
            rows.add(Row.of(title(handlers), "ns", Better.LOWER, row, handlers == 0 ? "<= call + 0.5 ns" : null));
        });
        return rows;
    }

    private static String title(int handlers) {
        return switch (handlers) {
            case 0 -> "intrinsic only";
            case 1 -> "+ 1 guarded handler";
            default -> "+ " + handlers + " guarded handlers";
        };
    }

    private static double nanos(Measurement m, String way) throws MeasureException, InterruptedException {
        Command command = KernelChild.command(m.tree(), DispatchTask.class, Duration.ofMinutes(2),
                List.of(way, Integer.toString(m.quick() ? QUICK_MILLISECONDS : MILLISECONDS)));
        Command.Outcome outcome = command.run();
        String line = outcome.text().lines().filter(text -> text.startsWith("ns ")).findFirst().orElse(null);
        if (outcome.status() != 0 || line == null) {
            throw new MeasureException("The measurement \"" + way + "\" failed with status " + outcome.status() + ": "
                    + outcome.text().strip() + "\n" + outcome.lastWords());
        }
        return Double.parseDouble(line.substring("ns ".length()));
    }

    @Override
    public String remark() {
        return """
                SPIN 1996 (OSDI table 1), microseconds a raise, DEC Alpha at 133 MHz; a guard and a handler each,
                called / inlined:
                arguments   procedure call   1 handler     5             10            50
                0           0.10             0.37 / 0.23   1.18 / 0.41   2.15 / 0.63   11.69 / 2.48
                1           0.13             0.39 / 0.24   1.25 / 0.45   2.32 / 0.72   11.51 / 2.87
                5           0.14             0.97 / 0.42   1.61 / 1.55   2.88 / 1.32   14.45 / 5.65
                The column spin1996 is the middle line, called. Ours: one argument, a result.
                """;
    }
}
