package run.measure.dispatch;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import run.measure.Benchmark;
import run.measure.Better;
import run.measure.MeasureException;
import run.measure.Measurement;
import run.measure.Row;
import run.measure.Rounds;
import run.measure.Samples;

/** What it costs to raise events, to change who handles them, and to do the same with what else there is. */
public final class DispatchBenchmark implements Benchmark {

    private static final String CALL = "call";
    private static final String BASE = "base";
    private static final String SPIN = "spin1996";
    private static final String NS = "ns";
    private static final String MICROS = "us";
    /** One argument, nothing inlined, nanoseconds, by number of handlers: OSDI'96 table 1. */
    private static final Map<Integer, Double> SPIN_1996 = Map.of(0, 130.0, 1, 390.0, 5, 1250.0, 10, 2320.0, 50,
            11510.0);

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
        Map<String, Samples> figures = Ways.measure(m);
        List<Row> rows = new ArrayList<>();
        raises(figures, rows);
        keys(figures, rows);
        asynchrony(figures, rows);
        changes(figures, rows);
        peers(figures, rows);
        memory(figures, rows);
        return rows;
    }

    /** One row; peers as {@code column, figure} pairs. */
    private static Row row(Map<String, Samples> figures, String title, String unit, String ours, String target,
            Object... peers) {
        Map<String, Samples> row = new LinkedHashMap<>();
        row.put(Rounds.OURS, figures.get(ours));
        for (int i = 0; i < peers.length; i += 2) {
            row.put((String) peers[i],
                    peers[i + 1] instanceof Double known ? Samples.known(known) : figures.get(peers[i + 1]));
        }
        return Row.of(title, unit, unit.equals("x") && target.startsWith(">=") ? Better.HIGHER : Better.LOWER, row,
                target);
    }

    private static void raises(Map<String, Samples> figures, List<Row> rows) {
        String alone = "wanted 0 ns";
        rows.add(row(figures, "raise, intrinsic handler only", NS, alone, "<= call + 0.5 ns", CALL, "call 0 ns", SPIN,
                SPIN_1996.get(0)));
        rows.add(row(figures, "inlined into its raiser by HotSpot's C2 (1: yes)", "x", "inlined", ">= 1 x"));
        rows.add(row(figures, "bytes allocated by it", "B", "wanted 0 bytes", "<= 0 B"));
        for (int handlers : List.of(1, 5, 10, 50)) {
            String target = "<= base + " + handlers + " ns";
            rows.add(row(figures, "+ " + handlers + " guarded, all run; base: intrinsic only", NS,
                    "wanted " + handlers + " ns", target, CALL, "hand " + handlers + " ns", SPIN,
                    SPIN_1996.get(handlers), BASE,
                    alone));
            rows.add(row(figures, "+ " + handlers + " guarded, none runs; base: same", NS,
                    "refused " + handlers + " ns", target, CALL, "call 0 ns", BASE, alone));
        }
        rows.add(row(figures, "result folded of intrinsic + 5 handlers", NS, "fold 5 ns", "<= 10 ns", CALL,
                "call 0 ns"));
        rows.add(row(figures, "200 events raised in turn; call: 200 classes", NS, "many 200 ns", "<= 1.5 * call", CALL,
                "many-call 200 ns"));
    }

    private static void keys(Map<String, Samples> figures, List<Row> rows) {
        rows.add(row(figures, "50 keyed, one matches", NS, "port 50 ns", "<= call + 5 ns", CALL, "port-call 0 ns"));
        rows.add(row(figures, "1,000 keyed, one matches; base: 50", NS, "port 1000 ns", "<= 1.2 * base", CALL,
                "port-call 0 ns", BASE, "port 50 ns"));
        rows.add(row(figures, "50 keyed, another matches each time", NS, "ports 50 ns", null, CALL,
                "ports-call 50 ns"));
        rows.add(row(figures, "1,000 keyed, another matches each time", NS, "ports 1000 ns", null, CALL,
                "ports-call 1000 ns", BASE, "ports 50 ns"));
    }

    private static void asynchrony(Map<String, Samples> figures, List<Row> rows) {
        // call: a virtual thread for each
        rows.add(row(figures, "to start of asynchronous handler, median", MICROS, "async handler median", "<= 5 us",
                CALL, "async thread median", SPIN, 38.0));
        rows.add(row(figures, "to start of asynchronous handler, 99 %", MICROS, "async handler p99", null, CALL,
                "async thread p99"));
        rows.add(row(figures, "to handling of asynchronous event, median", MICROS, "async event median", "<= 5 us",
                CALL, "async thread median", SPIN, 38.0));
    }

    private static void changes(Map<String, Samples> figures, List<Row> rows) {
        rows.add(row(figures, "install one by Dispatcher.bind", MICROS, "install one bind", "<= 20 us", SPIN, 150.0));
        rows.add(row(figures, "install one by registering a service", MICROS, "install one register", "<= 100 us", SPIN,
                150.0));
        rows.add(row(figures, "uninstall one by Bound.close", MICROS, "install one unbind", null));
        rows.add(row(figures, "uninstall one by unregistering", MICROS, "install one unregister", null));
        for (String kind : List.of("guarded", "keyed")) {
            String ours = "install " + kind + " ";
            rows.add(row(figures, "install 1,000 " + kind + " on one event", "ms", ours + "total", "<= 50 ms"));
            rows.add(row(figures, "  the last 100 of them / the first 100", "-", ours + "last", null));
            rows.add(row(figures, "  the first time in a new machine", "ms", ours + "first", null));
        }
        rows.add(row(figures, "raise, handler swapped 100 times/s; base: undisturbed", NS, "swaps swapped",
                "<= 1.1 * base", BASE, "swaps undisturbed"));
        rows.add(row(figures, "two raising threads / one", "x", "threads scaling", ">= 1.9 x", CALL,
                "call-threads scaling"));
    }

    private static void peers(Map<String, Samples> figures, List<Row> rows) {
        for (int listeners : List.of(1, 10)) {
            String title = listeners == 1 ? "1 listener" : listeners + " listeners";
            for (Map.Entry<String, Integer> peer : Ways.PEERS.entrySet()) {
                rows.add(row(figures, title + "; base: " + Ways.TITLES.get(peer.getKey()), NS,
                        "listeners " + listeners + " ns", ">= " + peer.getValue() + " x base", BASE,
                        peer.getKey() + " " + listeners + " ns"));
            }
        }
    }

    private static void memory(Map<String, Samples> figures, List<Row> rows) {
        rows.add(row(figures, "metaspace after 10,000 installs; base: after 2,000", "kB", "cycles metaspace-late",
                "<= 1.02 * base", BASE, "cycles metaspace-early"));
        rows.add(row(figures, "compiled code after 10,000 installs; base: after 2,000", "kB", "cycles code-late",
                "<= 1.1 * base", BASE, "cycles code-early"));
    }

    @Override
    public String remark() {
        return """
                call: the same done without the dispatcher, by calls through the interface; where guarded handlers run, by a loop
                over an array of them; in the rows of asynchrony, by a virtual thread for each call. base: what the row's name says.

                SPIN 1996 (OSDI table 1), microseconds a raise, DEC Alpha at 133 MHz; a guard and a handler each,
                called / inlined:
                arguments   procedure call   1 handler     5             10            50
                0           0.10             0.37 / 0.23   1.18 / 0.41   2.15 / 0.63   11.69 / 2.48
                1           0.13             0.39 / 0.24   1.25 / 0.45   2.32 / 0.72   11.51 / 2.87
                5           0.14             0.97 / 0.42   1.61 / 1.55   2.88 / 1.32   14.45 / 5.65
                The column spin1996 is the middle line, called. Ours: one argument, a result. Also there: an asynchronous
                raise 38 to 90 (column: 38), an install about 150; 100 installs on one event about 30,000 in total, each
                costlier than the one before.
                """;
    }
}
