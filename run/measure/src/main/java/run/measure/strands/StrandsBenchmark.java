package run.measure.strands;

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
import run.measure.Row;
import run.measure.Rounds;
import run.measure.Rounds.Turn;
import run.measure.Samples;
import run.measure.dispatch.Figures;
import run.measure.exec.ResidentKernel;
import run.measure.kernel.KernelChild;

/** {@code run/bench strands}: strands beside pthreads and Java's own threads. */
public final class StrandsBenchmark implements Benchmark {

    private static final String VIRTUAL = "virtual";
    private static final String PLATFORM = "platform";
    private static final String PTHREADS = "pthreads";
    private static final String SPIN = "spin1995";
    private static final String USER = "cthreads";
    private static final String USER_HOST = "cthreads on the host";
    private static final Duration LIMIT = Duration.ofMinutes(2);
    /** Of so many stops a round it is told what they consist of. */
    private static final int TOLD = 3;

    private final StringBuilder stops = new StringBuilder();

    @Override
    public String name() {
        return "strands";
    }

    @Override
    public String description() {
        return "Making strands, switching between them, and changing who schedules them.";
    }

    @Override
    public String needs() {
        return "gcc, alpha-linux-gnu-gcc";
    }

    @Override
    public List<Row> run(Measurement m) throws MeasureException, InterruptedException {
        String peer = m.peers().host("threads", "-pthread").toString();
        String length = m.quick() ? "300" : "1000";
        Map<String, List<Double>> figures = new LinkedHashMap<>();
        Map<String, Turn> turns = new LinkedHashMap<>();
        for (String way : List.of("strand", VIRTUAL, PLATFORM, "swaps")) {
            String time = way.equals("swaps") ? m.quick() ? "5000" : "60000" : length;
            turns.put(way, () -> keep(way, KernelChild.command(m.tree(), List.of(KernelChild.CORE, "sched"),
                    StrandsTask.class, Duration.ofMinutes(5), List.of(time, way)), figures));
        }
        String plain = m.peers().host("stops", "-pthread").toString();
        turns.put("plain", () -> keep("plain", Command.of(m.tree().home(), plain, "2", "5000"), figures));
        turns.put(PTHREADS, () -> keep(PTHREADS, Command.of(m.tree().home(), peer, length), figures));
        try (ResidentKernel kernel = new ResidentKernel(m.tree().spin(), LIMIT)) {
            kernel.restart();
            List<String> words = new ArrayList<>(kernel.exec());
            words.addAll(List.of(m.peers().alpha("cthreads").toString(), length));
            Command alpha = new Command(words, m.tree().home(), kernel.environment(), LIMIT);
            String same = m.peers().host("cthreads", "-pthread").toString();
            alpha.run(); // the first one pays for translating and compiling
            turns.put(USER, () -> keep(USER, alpha, figures));
            turns.put(USER_HOST, () -> keep(USER_HOST, Command.of(m.tree().home(), same, length), figures));
            CallRows.turns(m, kernel, length, LIMIT)
                    .forEach((way, command) -> turns.put(way, () -> keep(way, command, figures)));
            m.rounds().inTurn("strands", turns);
        }
        List<Row> rows = new ArrayList<>();
        rows.add(row(figures, "fork and join", "forkjoin", 22.0));
        rows.add(row(figures, "ping-pong, there and back", "pingpong", 17.0));
        rows.add(against(figures, "fork and join; base: virtual threads", "forkjoin"));
        rows.add(against(figures, "ping-pong; base: virtual threads", "pingpong"));
        rows.add(user(figures, "user: fork and join by C-Threads", "forkjoin", 111));
        rows.add(user(figures, "user: ping-pong by C-Threads", "pingpong", 85));
        rows.addAll(CallRows.rows(figures));
        rows.addAll(ShareRows.measure(m));
        Map<String, Samples> stop = new LinkedHashMap<>();
        stop.put(Rounds.OURS, new Samples(figures.get("swaps longest")));
        stop.put("quiet", new Samples(figures.get("swaps quiet")));
        stop.put("plain", new Samples(figures.get("plain longest")));
        for (String part : List.of("waits", "jvm", "host", "turns")) {
            stop.put(part, new Samples(figures.getOrDefault("swaps " + part, List.of())));
        }
        rows.add(Row.of("longest stop of 4 strands on 2 processors, 10 swaps/s", "ms", Better.LOWER, stop,
                "<= 20 ms"));
        Map<String, Samples> slower = new LinkedHashMap<>();
        slower.put(Rounds.OURS, new Samples(figures.get("swaps slower")));
        rows.add(Row.of("work without swaps in terms of that with them", "-", Better.LOWER, slower, null));
        return rows;
    }

    private double keep(String way, Command command, Map<String, List<Double>> figures)
            throws MeasureException, InterruptedException {
        Command.Outcome outcome = command.run();
        outcome.text().lines().filter(line -> line.startsWith(StrandsTask.STOP)).limit(TOLD)
                .forEach(line -> stops.append("    ").append(line.substring(StrandsTask.STOP.length())).append('\n'));
        try {
            Map<String, Double> read = Figures.read(outcome.text());
            read.forEach(
                    (name, value) -> figures.computeIfAbsent(way + " " + name, key -> new ArrayList<>()).add(value));
            return read.values().iterator().next();
        } catch (IllegalArgumentException e) {
            throw new MeasureException("The measurement \"" + way + "\" failed with status " + outcome.status() + ": "
                    + e.getMessage() + "\n" + outcome.lastWords(), e);
        }
    }

    private static Samples micros(Map<String, List<Double>> figures, String name) {
        return new Samples(figures.get(name).stream().map(nanos -> nanos / 1000).toList());
    }

    private static Row row(Map<String, List<Double>> figures, String title, String figure, double spin) {
        Map<String, Samples> row = new LinkedHashMap<>();
        row.put(Rounds.OURS, micros(figures, "strand " + figure));
        row.put(PTHREADS, micros(figures, PTHREADS + " " + figure));
        row.put(VIRTUAL, micros(figures, VIRTUAL + " " + figure));
        row.put(PLATFORM, micros(figures, PLATFORM + " " + figure));
        row.put(SPIN, Samples.known(spin));
        return Row.of(title, "us", Better.LOWER, row, "<= 0.2 * pthreads");
    }

    /** A program's C-Threads, and the same program on the host, where they are pthreads. */
    private static Row user(Map<String, List<Double>> figures, String title, String figure, double spin) {
        Map<String, Samples> row = new LinkedHashMap<>();
        row.put(Rounds.OURS, micros(figures, USER + " " + figure));
        row.put(PTHREADS, micros(figures, USER_HOST + " " + figure));
        row.put(SPIN, Samples.known(spin));
        return Row.of(title, "us", Better.LOWER, row, "<= 1 * pthreads");
    }

    private static Row against(Map<String, List<Double>> figures, String title, String figure) {
        Map<String, Samples> row = new LinkedHashMap<>();
        row.put(Rounds.OURS, micros(figures, "strand " + figure));
        row.put("base", micros(figures, VIRTUAL + " " + figure));
        return Row.of(title, "us", Better.LOWER, row, "<= 1.2 * base");
    }

    @Override
    public String remark() {
        return """
                virtual, platform: Java's own threads, made and joined, and woken by semaphores as ours are. pthreads: the same
                in C, with a mutex and condition variables. spin1995 (SOSP'95 table 3, DEC Alpha at 133 MHz): kernel threads of
                SPIN, 22 and 17 us (2,930 and 2,260 cycles); OSF/1's 198 and 21, Mach's 101 and 71. user: run/peers/cthreads.c, an
                Alpha program in a resident kernel with C-Threads as coroutines (run/programs/cthreads.h), and the same source on
                this host with pthreads; SPIN's integrated C-Threads 111 and 85 us, layered 262 and 159.
                """
                + CallRows.REMARK
                + """
                        Stops: quiet: without swaps; plain: of two threads in C that only look at the clock, for five seconds; waits: the
                        longest time that a thread of the host which runs our strands waited for a processor of the host, meanwhile.
                        Of the longest stop, jvm: the Java virtual machine had stopped all threads; host: of the rest, a thread that
                        runs our strands waited for a processor of the host; turns: of the rest, other strands had their turns.
                        """
                + (stops.isEmpty() ? "" : "The longest stops, milliseconds:\n" + stops);
    }
}
