package run.measure.vm;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
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

/**
 * {@code run/bench vm}: the virtual memory workloads of SOSP'95 table 4. An Alpha program faults, an extension resolves it in
 * the kernel; the peer is the same C program on this host's Linux, with {@code mprotect} and a handler of SIGSEGV.
 */
public final class VmBenchmark implements Benchmark {

    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final String LINUX = "linux";
    private static final String EXTENSION = "bundles.policies.vmload";
    private static final double PAGES = 100;
    private static final int WARM_UP = 3;

    /** What a row shows: the figure, microseconds on SPIN in 1995 (NaN: not published), on OSF/1, and the target. */
    private record Shown(String title, String figure, double spin, double osf, String target) {}

    private static final List<Shown> ROWS = List.of(
            new Shown("null system call; linux: getpid", "null", 4, 5, "<= 1 * linux"),
            new Shown("Dirty: state of a page", "dirty", 2, Double.NaN, null),
            new Shown("Fault: to the handler, enabled, and back", "fault", 29, 329, "<= 0.1 * linux"),
            new Shown("Trap: from the store to the handler", "trap", 7, 260, "<= 0.2 * linux"),
            new Shown("Prot1: protect a page", "prot1", 16, 45, "<= 1 * linux"),
            new Shown("Prot100: protect a hundred", "prot100", 213, 1041, "<= 1 * linux"),
            new Shown("Unprot100: enable a hundred", "unprot100", 214, 1016, "<= 1 * linux"),
            new Shown("Appel1: fault, enable, protect another", "appel1", 39, 382, "<= 1 * linux"),
            new Shown("Appel2: protect 100, fault on each; one", "appel2", 29, 351, "<= 1 * linux"));

    @Override
    public String name() {
        return "vm";
    }

    @Override
    public String description() {
        return "Page faults of an Alpha program that an extension resolves by call, beside signals on Linux.";
    }

    @Override
    public String needs() {
        return "gcc, alpha-linux-gnu-gcc";
    }

    @Override
    public List<Row> run(Measurement m) throws MeasureException, InterruptedException {
        String length = m.quick() ? "200" : "1000";
        List<String> linux = List.of(m.peers().host("vmload").toString(), length);
        String program = m.peers().alpha("vmload").toString();
        Map<String, List<Double>> figures = new LinkedHashMap<>();
        try (ResidentKernel kernel = new ResidentKernel(m.tree().spin(), LIMIT)) {
            kernel.restart();
            kernel.install(m.tree().home().resolve("run/launcher/target/spin/policies/" + EXTENSION + ".jar"));
            List<String> ours = new ArrayList<>(kernel.exec());
            ours.addAll(List.of(program, length));
            Command alpha = new Command(ours, m.tree().home(), kernel.environment(), LIMIT);
            Map<String, Turn> turns = new LinkedHashMap<>();
            turns.put(LINUX, () -> keep(LINUX, new Command(linux, m.tree().home(), Map.of(), LIMIT), figures));
            turns.put(Rounds.OURS, () -> keep(Rounds.OURS, alpha, figures));
            alpha.run(); // the first one pays for translating and compiling
            m.rounds().inTurn("vm", turns);
        }
        List<Row> rows = new ArrayList<>(ROWS.stream().map(shown -> row(shown, figures)).toList());
        rows.add(stops(m));
        return rows;
    }

    /** How long a process stands still while everything that can be exchanged is. */
    private static Row stops(Measurement m) throws MeasureException, InterruptedException {
        String milliseconds = m.quick() ? "10000" : "60000";
        Command plain = new Command(List.of(m.peers().host("stops", "-pthread").toString(), "2", milliseconds),
                m.tree().home(), Map.of(), LIMIT);
        Map<String, Samples> row = new LinkedHashMap<>();
        Map<String, Double> host = Figures.read(plain.run().text());
        SwapLoad load = new SwapLoad(m.tree(), m.peers().program("swap").toString());
        load.run(m.progress(), WARM_UP, TimeUnit.MILLISECONDS.toNanos(Long.parseLong(milliseconds)));
        if (!load.failures().isEmpty()) {
            throw new MeasureException("While pagers were exchanged: " + load.failures().getFirst());
        }
        row.put(Rounds.OURS, new Samples(List.of(load.longest() / 1000.0)));
        row.put("plain", new Samples(List.of(host.get("longest"))));
        row.put("waits", load.hostWait());
        return Row.of("longest stop of 2 processes, 10 swaps/s", "ms", Better.LOWER, row, "<= 20 ms");
    }

    private static double keep(String who, Command command, Map<String, List<Double>> figures)
            throws MeasureException, InterruptedException {
        Command.Outcome outcome = command.run();
        try {
            Map<String, Double> read = Figures.read(outcome.text());
            read.forEach((name, nanos) -> figures.computeIfAbsent(who + " " + name, key -> new ArrayList<>())
                    .add(nanos / 1000));
            return read.values().iterator().next();
        } catch (IllegalArgumentException e) {
            throw new MeasureException(
                    command + " failed with status " + outcome.status() + ": " + e.getMessage() + "\n"
                            + outcome.lastWords(),
                    e);
        }
    }

    private static Row row(Shown shown, Map<String, List<Double>> figures) {
        Map<String, Samples> row = new LinkedHashMap<>();
        row.put(Rounds.OURS, new Samples(figures.get(Rounds.OURS + " " + shown.figure)));
        if (figures.containsKey(LINUX + " " + shown.figure)) {
            row.put(LINUX, new Samples(figures.get(LINUX + " " + shown.figure)));
        }
        row.put("spin1995", Samples.known(shown.spin));
        if (!Double.isNaN(shown.osf)) {
            row.put("osf1995", Samples.known(shown.osf));
        }
        return Row.of(shown.title, "us", Better.LOWER, row, shown.target);
    }

    @Override
    public String remark() {
        return """
                One C program, run/peers/vmload.c: on this host with mprotect and a handler of SIGSEGV, on the Alpha with the
                system calls of bundles/policies/vmload, in a resident kernel, the second run and later. Fault and Appel are
                for each of %.0f pages. spin1995, osf1995: SOSP'95 tables 2 and 4, DEC Alpha at 133 MHz (1 us = 133 cycles). SPIN's
                released benchmark faulted in the kernel; here user code does. Stops: scheduler, page replacement and page store
                are exchanged while two processes use thrice the machine's memory; plain: the longest stop of two threads in C on
                this host that only look at the clock, as long a time before; waits: the longest time that a thread of the host
                which runs our strands waited for a processor of the host, meanwhile.
                """
                .formatted(PAGES);
    }
}
