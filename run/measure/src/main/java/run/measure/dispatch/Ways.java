package run.measure.dispatch;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import run.measure.Command;
import run.measure.MeasureException;
import run.measure.Measurement;
import run.measure.Rounds.Turn;
import run.measure.Samples;
import run.measure.kernel.KernelChild;
import run.measure.kernel.Task;

/** The children that are run in each round, one after the other, and what each of them measures. */
final class Ways {

    private static final int MILLISECONDS = 1000;
    private static final int QUICK_MILLISECONDS = 300;
    /** So much longer for what is measured in phases or settles late. */
    private static final int LONGER = 3;

    /** What others offer, and how many times faster ours is to be. */
    static final Map<String, Integer> PEERS = ordered(Peers.EVENT_ADMIN, 10, Peers.EVENT_ADMIN_TIMED, 10, Peers.TRACKER,
            3, Peers.GUAVA, 5);
    /** What they are called in the table. */
    static final Map<String, String> TITLES = Map.of(Peers.EVENT_ADMIN, "EventAdmin, no time limit",
            Peers.EVENT_ADMIN_TIMED, "EventAdmin as it comes", Peers.TRACKER, "ServiceTracker loop", Peers.GUAVA,
            "Guava EventBus");

    private final Measurement m;
    private final Map<String, Turn> turns = new LinkedHashMap<>();
    private final Map<String, List<Double>> figures = new LinkedHashMap<>();

    private Ways(Measurement m) {
        this.m = m;
        step(DispatchTask.CALL, 0);
        step(DispatchTask.WANTED, 0, 1, 5, 10, 50);
        step(DispatchTask.HAND, 1, 5, 10, 50);
        step(DispatchTask.REFUSED, 1, 5, 10, 50);
        step(DispatchTask.FOLD, 5);
        step(DispatchTask.PORT_CALL, 0);
        step(DispatchTask.PORT, 50, 1000);
        step(DispatchTask.PORTS_CALL, 50, 1000);
        step(DispatchTask.PORTS, 50, 1000);
        step(DispatchTask.MANY_CALL, 200);
        step(DispatchTask.MANY, 200);
        step(Peers.LISTENERS, 1, 10);
        PEERS.keySet().forEach(peer -> step(peer, 1, 10));
        int length = m.quick() ? QUICK_MILLISECONDS : MILLISECONDS;
        for (String way : List.of("handler", "event", "thread")) {
            turn("async " + way, AsyncTask.class, length, way);
        }
        for (String way : List.of("one", "guarded", "keyed")) {
            turn("install " + way, InstallTask.class, length * LONGER, way);
        }
        for (String way : List.of("call-threads", "threads", "swaps")) {
            turn(way, PhasesTask.class, length * LONGER, way);
        }
        turn("cycles", CyclesTask.class, 10_000, "2000");
        turns.put("inlined", this::inlined);
    }

    private static Map<String, Integer> ordered(Object... pairs) {
        Map<String, Integer> map = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            map.put((String) pairs[i], (Integer) pairs[i + 1]);
        }
        return map;
    }

    /**
     * Runs all children, round after round.
     *
     * @return the figures by {@code WAY NUMBER FIGURE} or {@code WAY FIGURE}
     */
    static Map<String, Samples> measure(Measurement m) throws MeasureException, InterruptedException {
        Ways ways = new Ways(m);
        m.rounds().inTurn("dispatch", ways.turns);
        Map<String, Samples> samples = new LinkedHashMap<>();
        ways.figures.forEach((name, values) -> samples.put(name, new Samples(values)));
        return samples;
    }

    private void step(String way, int... numbers) {
        for (int number : numbers) {
            turn(way + " " + number, DispatchTask.class, m.quick() ? QUICK_MILLISECONDS : MILLISECONDS, way,
                    Integer.toString(number));
        }
    }

    private void turn(String name, Class<? extends Task> task, int length, String... words) {
        List<String> arguments = new ArrayList<>(List.of(Integer.toString(length)));
        arguments.addAll(List.of(words));
        turns.put(name, () -> run(name, task, arguments));
    }

    /** Whether the second compiler has put the event's own procedure into the loop that raises the event: 1, or 0. */
    private double inlined() throws MeasureException, InterruptedException {
        Command plain = KernelChild.command(m.tree(), List.of(KernelChild.CORE), DispatchTask.class,
                Duration.ofMinutes(3), List.of(Integer.toString(QUICK_MILLISECONDS), DispatchTask.WANTED, "0"));
        List<String> words = new ArrayList<>(plain.words());
        words.addAll(1, List.of("-XX:+UnlockDiagnosticVMOptions", "-XX:+PrintInlining", "-XX:+PrintCompilation"));
        String text = new Command(words, plain.directory(), plain.environment(), plain.limit()).run().text();
        boolean inlined = Inlining.of(text, Stopwatch.class.getName() + "::walk").stream()
                .anyMatch(line -> line.contains(Procedure.class.getName() + "::step") && line.contains("inline (hot)"));
        figures.computeIfAbsent("inlined", key -> new ArrayList<>()).add(inlined ? 1.0 : 0.0);
        return inlined ? 1 : 0;
    }

    /** @return the first figure; all of them are kept */
    private double run(String name, Class<? extends Task> task, List<String> arguments)
            throws MeasureException, InterruptedException {
        boolean peer = PEERS.containsKey(arguments.get(1));
        Command command = KernelChild.command(m.tree(),
                peer ? List.of(KernelChild.CORE, "events") : List.of(KernelChild.CORE), task, Duration.ofMinutes(3),
                arguments);
        Command.Outcome outcome = command.run();
        try {
            Map<String, Double> read = Figures.read(outcome.text());
            read.forEach((figure, value) -> figures.computeIfAbsent(name + " " + figure, key -> new ArrayList<>())
                    .add(value));
            return read.values().iterator().next();
        } catch (IllegalArgumentException e) {
            throw new MeasureException("The measurement \"" + name + "\" failed with status " + outcome.status() + ": "
                    + e.getMessage() + "\n" + outcome.lastWords(), e);
        }
    }
}
