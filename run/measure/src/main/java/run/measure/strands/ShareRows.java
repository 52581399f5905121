package run.measure.strands;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import run.measure.Better;
import run.measure.Command;
import run.measure.HostTime;
import run.measure.MeasureException;
import run.measure.Measurement;
import run.measure.Row;
import run.measure.Rounds;
import run.measure.Rounds.Turn;
import run.measure.Samples;
import run.measure.exec.ResidentKernel;

/** What four processes that only compute gain from a second processor under each scheduler, and how they share both. */
final class ShareRows {

    /** What the table's readers are to know. */
    static final String REMARK = """
            Processes: run/peers/compute.c, four Alpha programs that compute in registers, in kernels of two processors and of one,
            never at the same time; linux: the same on this host, kept to two processors and to one. Shares: the work of the process that
            is furthest from its part, in terms of that part: equal parts, under stride 1 : 2 : 3 : 4. seeded: one processor and its
            own time, as that policy has it (run/spin simulate --seed 1), 20 seconds of it; only without --quick.
            """;

    private static final int PROCESSES = 4;
    private static final int LOOKS = 3;
    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final Duration SIMULATED = Duration.ofMinutes(20);
    private static final String LINUX = "linux";
    private static final String SIMULATED_MILLIS = "20000";
    private static final List<Integer> EQUAL = List.of(1, 1, 1, 1);
    private static final List<Integer> UNEQUAL = List.of(1, 2, 3, 4);
    /** A process of one share has so many. */
    private static final int SHARE = 100;

    /** A scheduler and the parts that it is to give. @param bundle that has it, or null: it is there */
    private record Policy(String name, String bundle, List<Integer> shares) {}

    private static final List<Policy> POLICIES = List.of(new Policy("priority", null, EQUAL),
            new Policy("stride", "bundles.policies.stride", UNEQUAL), new Policy("edf", "bundles.policies.edf", EQUAL));

    private final Measurement m;
    private final Map<String, List<Double>> gains = new LinkedHashMap<>();
    private final Map<String, List<Double>> deviations = new LinkedHashMap<>();
    private final Map<String, List<Double>> given = new LinkedHashMap<>();

    private ShareRows(Measurement m) {
        this.m = m;
    }

    /** Measures them. */
    static List<Row> measure(Measurement m) throws MeasureException, InterruptedException {
        ShareRows rows = new ShareRows(m);
        rows.processes();
        rows.simulated();
        return rows.rows();
    }

    private void processes() throws MeasureException, InterruptedException {
        String host = m.peers().host("compute").toString();
        try (ResidentKernel two = new ResidentKernel(m.tree().spin(), LIMIT);
                ResidentKernel one = new ResidentKernel(m.tree().spin(), LIMIT);
                Computing onTwo = computing(two, 2);
                Computing onOne = computing(one, 1);
                Computing linuxTwo = new Computing(onHost(host, "0,1"));
                Computing linuxOne = new Computing(onHost(host, "0"))) {
            int length = m.quick() ? 1500 : 5_000;
            Map<String, Turn> turns = new LinkedHashMap<>();
            for (Policy policy : POLICIES) {
                turns.put(policy.name, () -> {
                    two.shell(choice(two, policy, onTwo));
                    one.shell(choice(one, policy, onOne));
                    return keep(policy.name, policy.shares, looks(onTwo, two.process(), onOne, length));
                });
            }
            turns.put(LINUX, () -> keep(LINUX, EQUAL, looks(linuxTwo, null, linuxOne, length)));
            m.rounds().warm("strands, processes", turns);
            // the first figure of each was warm-up
            List.of(gains, deviations, given).forEach(all -> all.values().forEach(List::removeFirst));
        }
    }

    /** Starts a kernel with so many processors, and the program in it. */
    private Computing computing(ResidentKernel kernel, int processors) throws MeasureException, InterruptedException {
        kernel.restart("--cpus", Integer.toString(processors), "--mem", "64");
        for (Policy policy : POLICIES) {
            if (policy.bundle != null) {
                kernel.install(m.tree().home().resolve("run/launcher/target/spin/policies/" + policy.bundle + ".jar"));
            }
        }
        List<String> words = new ArrayList<>(kernel.exec());
        words.addAll(List.of(m.peers().alpha("compute").toString(), Integer.toString(PROCESSES)));
        return new Computing(new Command(words, m.tree().home(), kernel.environment(), LIMIT));
    }

    private Command onHost(String program, String processors) {
        return new Command(List.of("taskset", "-c", processors, program, Integer.toString(PROCESSES)), m.tree().home(),
                Map.of(), LIMIT);
    }

    /** Shell commands that put a policy in force and say what each process is to get. */
    private static String choice(ResidentKernel kernel, Policy policy, Computing processes)
            throws MeasureException, InterruptedException {
        StringBuilder commands = new StringBuilder("sched " + policy.name);
        List<String> strands = kernel.shell("strands").lines().toList();
        for (int i = 0; i < PROCESSES; i++) {
            String name = "unix-" + processes.ids().get(i);
            String id = strands.stream().map(line -> List.of(line.strip().split(" +")))
                    .filter(line -> line.contains(name))
                    .findFirst().orElseThrow(() -> new MeasureException("No strand " + name + " among " + strands))
                    .getFirst();
            commands.append("; sched -s ").append(SHARE * policy.shares.get(i)).append(' ').append(id);
        }
        return commands.toString();
    }

    /**
     * What was done in some looks.
     *
     * @param given processors of the host that they had in the best look at two; 0: not known
     * @param all on two processors, of all looks
     */
    private record Looks(double bestOnTwo, double bestOnOne, double given, Computing.Look all) {}

    /** Looks at both in turn. @param kernel the process in which the strands are that have two processors, or null */
    private static Looks looks(Computing two, String kernel, Computing one, int milliseconds) throws MeasureException {
        double bestOnTwo = 0;
        double bestOnOne = 0;
        double given = 0;
        Computing.Look all = null;
        for (int i = 0; i < LOOKS; i++) {
            HostTime host = kernel == null ? null : new HostTime(kernel, "carrier");
            Computing.Look look = two.look(milliseconds);
            if (look.rate() > bestOnTwo) {
                bestOnTwo = look.rate();
                given = host == null ? 0 : host.processors();
            }
            all = all == null ? look : all.and(look);
            bestOnOne = Math.max(bestOnOne, one.look(milliseconds).rate());
        }
        return new Looks(bestOnTwo, bestOnOne, given, all);
    }

    private double keep(String name, List<Integer> shares, Looks looks) {
        double gain = looks.bestOnTwo / looks.bestOnOne;
        gains.computeIfAbsent(name, key -> new ArrayList<>()).add(gain);
        deviations.computeIfAbsent(name, key -> new ArrayList<>()).add(looks.all.deviation(shares));
        given.computeIfAbsent(name, key -> new ArrayList<>()).add(looks.given);
        return gain;
    }

    /** A machine that can be repeated has one processor, and the same figure each time. */
    private void simulated() throws MeasureException, InterruptedException {
        m.progress().show("strands, processes, simulated");
        Command.Outcome outcome = new Command(List.of(m.tree().spin().toString(), "simulate", "--seed", "1",
                m.peers().alpha("compute").toString(), Integer.toString(PROCESSES), SIMULATED_MILLIS), m.tree().home(),
                Map.of(), SIMULATED).run();
        String last = outcome.text().strip();
        if (outcome.status() != 0) {
            throw new MeasureException("run/spin simulate ended with status " + outcome.status() + ": " + last + "\n"
                    + outcome.lastWords());
        }
        deviations.put("seeded",
                List.of(Computing.Look.read(last.substring(last.lastIndexOf('\n') + 1)).deviation(EQUAL)));
    }

    private List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        for (Policy policy : POLICIES) {
            Map<String, Samples> row = new LinkedHashMap<>();
            row.put(Rounds.OURS, new Samples(gains.get(policy.name)));
            row.put(LINUX, new Samples(gains.get(LINUX)));
            row.put("given", new Samples(given.get(policy.name)));
            rows.add(Row.of("4 processes on 2 processors / on 1, " + policy.name, "x", Better.HIGHER, row, ">= 1.9 x"));
        }
        deviations.forEach((name, figures) -> {
            if (!name.equals(LINUX)) {
                Map<String, Samples> row = new LinkedHashMap<>();
                row.put(Rounds.OURS, new Samples(figures));
                row.put(LINUX, new Samples(deviations.get(LINUX)));
                rows.add(Row.of("furthest from its share, " + name, "%", Better.LOWER, row, "<= 2 %"));
            }
        });
        return rows;
    }
}
