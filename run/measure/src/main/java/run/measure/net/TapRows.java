package run.measure.net;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import run.measure.Better;
import run.measure.Command;
import run.measure.MeasureException;
import run.measure.Measurement;
import run.measure.Row;
import run.measure.Rounds;
import run.measure.Rounds.Turn;
import run.measure.Samples;

/** TCP to and from Linux over a TAP device on a bridge, beside Linux to Linux on the same bridge, offloads off on both. */
final class TapRows {

    private static final Path TUN = Path.of("/dev/net/tun");
    private static final String TARGET = ">= 0.7 x linux";
    /** Milliseconds that are not counted: our side warms up. */
    private static final int SKIP = 4000;

    private TapRows() {}

    /** Whether this user and this host can have namespaces and a TAP device. */
    static boolean possible() {
        return "root".equals(System.getProperty("user.name")) && Files.exists(TUN);
    }

    /** Measures. @param java words that run a class of ours, up to its arguments */
    static List<Row> measure(Measurement m, String java, long span) throws MeasureException, InterruptedException {
        String net = m.peers().host("net").toString();
        String source = " source %s 9000 " + (SKIP + span);
        String sink = " sink 9000 " + SKIP;
        try (Bridge bridge = new Bridge(m.tree().home(), net)) {
            String ours = bridge.middle(java + " " + Bridge.OURS);
            Map<String, Turn> turns = new LinkedHashMap<>();
            turns.put("to", () -> both(m, bridge.left(net + sink), ours + source.formatted(Bridge.LEFT)));
            turns.put("from", () -> both(m, ours + sink, bridge.left(net + source.formatted(Bridge.OURS))));
            turns.put("linux",
                    () -> both(m, bridge.left(net + sink), bridge.right(net + source.formatted(Bridge.LEFT))));
            Map<String, Samples> all = m.rounds().inTurn("over TAP", turns);
            List<Row> rows = new ArrayList<>();
            rows.add(row("TCP stream over TAP, to Linux", all.get("to"), all.get("linux")));
            rows.add(row("TCP stream over TAP, from Linux", all.get("from"), all.get("linux")));
            return rows;
        }
    }

    private static Row row(String name, Samples ours, Samples linux) {
        Map<String, Samples> all = new LinkedHashMap<>();
        all.put(Rounds.OURS, ours);
        all.put("linux", linux);
        return Row.of(name, "Gb/s", Better.HIGHER, all, TARGET);
    }

    /** Runs both at once; one of them says what came through. Neither outlives the other for long. */
    private static double both(Measurement m, String sink, String source)
            throws MeasureException, InterruptedException {
        Command command = new Command(
                List.of("sh", "-c", "timeout 60 " + sink + " & timeout 60 " + source + "; wait"), m.tree().home(),
                Map.of(), Duration.ofSeconds(90));
        Command.Outcome outcome = command.run();
        try {
            return Double.parseDouble(outcome.text().strip());
        } catch (NumberFormatException e) {
            throw new MeasureException(command + " does not say how much came: " + outcome.lastWords(), e);
        }
    }
}
