package run.measure.exec;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import run.measure.Benchmark;
import run.measure.Better;
import run.measure.Command;
import run.measure.MeasureException;
import run.measure.Measurement;
import run.measure.Rounds;
import run.measure.Rounds.Turn;
import run.measure.Row;
import run.measure.Samples;

/**
 * Real programs, whole processes, beside qemu-alpha on the same files: the first run in a resident kernel that has run nothing
 * yet, the second one, and the first in another kernel that knows what this one has found to be hot. Programs are built by
 * {@code run/userland} from Debian's sources. What they write must be the same, or there is no figure.
 */
public final class ProgramsBenchmark implements Benchmark {

    /** After which a kernel that was started has made what an earlier one had found to be hot. */
    private static final Duration SETTLE = Duration.ofSeconds(8);
    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final String QEMU = "qemu", RUNNER = "RUNNER";
    private static final List<String> PROGRAMS = List.of("busybox", "lua", "minigzip", "sqlite3");

    /** @param brief takes qemu-alpha much less than a second, so that what counts is what the user waits for more */
    private record Case(String name, boolean brief, List<String> words) {}

    @Override
    public String name() {
        return "programs";
    }

    @Override
    public String description() {
        return "Real Alpha programs, start to end, beside qemu-alpha: first run in a fresh kernel, second run, and after a restart.";
    }

    @Override
    public String needs() {
        return "qemu-alpha; programs of run/userland " + String.join(" ", PROGRAMS);
    }

    @Override
    public List<Row> run(Measurement m) throws MeasureException, InterruptedException {
        m.peers().require("qemu-alpha");
        Path bin = Userland.bin(m, PROGRAMS);
        Path work = Userland.folder(name());
        try (ResidentKernel kernel = new ResidentKernel(m.tree().spin(), LIMIT)) {
            List<Row> rows = new ArrayList<>();
            for (Case one : cases(bin, work, m.quick() ? 3 : 10)) {
                rows.addAll(rows(m, kernel, work, one));
            }
            return rows;
        } finally {
            Userland.remove(work);
        }
    }

    /** @param size qemu-alpha takes about a third of a second for each of these */
    private static List<Case> cases(Path bin, Path work, int size) throws MeasureException {
        String busybox = bin.resolve("busybox").toString();
        write(work.resolve("job.lua"), """
                local function fib(n) if n < 2 then return n end return fib(n - 1) + fib(n - 2) end
                for round = 1, tonumber(arg[1]) do
                    local words = {}
                    for i = 1, 20000 do words[#words + 1] = ("%%x"):format(i * (7918 + round) %% 104729) end
                    table.sort(words)
                    local seen = 0
                    for w in table.concat(words, " "):gmatch("%%a+") do seen = seen + #w end
                    print(fib(25), #words, seen)
                end
                """.formatted());
        write(work.resolve("job.awk"), """
                { for (i = 1; i <= NF; i++) { count[$i]++; total += length($i) } }
                END { for (w in count) if (count[w] > most) { most = count[w] }; print NR, total, most }
                """);
        write(work.resolve("commands.sh"), """
                i=0
                while [ $i -lt %d ]; do i=$((i+1)); $%s %s expr $i + 1; done | $%s %s tail -n 1
                """.formatted(size * 20, RUNNER, busybox, RUNNER, busybox));
        write(work.resolve("text"), text(size * 200_000));
        write(work.resolve("big"), text(size * 2_000_000));
        List<String> sum = new ArrayList<>(List.of(busybox, "sha256sum"));
        sum.addAll(Collections.nCopies(10, "big"));
        String inserts = "create table t(a integer primary key, b text, c integer);begin;"
                + "with recursive n(x) as (select 1 union all select x+1 from n where x<" + size * 40_000 + ")"
                + " insert into t select x,'row '||x,x*7919%10007 from n;commit;create index i on t(c);"
                + "select count(*),sum(c) from t where c between 100 and 5000;"
                + "select b from t order by c desc, a limit 1;";
        return List.of(
                new Case("lua", false, List.of(bin + "/lua", "job.lua", Integer.toString(size))),
                new Case("minigzip", false, List.of(busybox, "sh", "-c",
                        "$" + RUNNER + " " + bin + "/minigzip < big | $" + RUNNER + " " + busybox + " md5sum")),
                new Case("sqlite3", false, List.of(bin + "/sqlite3", ":memory:", inserts)),
                new Case("busybox sha256sum", false, sum),
                new Case("busybox awk", false, List.of(busybox, "awk", "-f", "job.awk", "text")),
                new Case("busybox sh, " + size * 20 + " commands", false, List.of(busybox, "sh", "commands.sh")),
                new Case("busybox echo", true, List.of(busybox, "echo", "a")),
                new Case("lua -v", true, List.of(bin + "/lua", "-v")));
    }

    private static String text(int length) {
        Random random = new Random(7);
        StringBuilder text = new StringBuilder(length + 80);
        while (text.length() < length) {
            for (int i = random.nextInt(12); i >= 0; i--) {
                text.append(Integer.toString(random.nextInt(1 << random.nextInt(4, 20)), 36))
                        .append(i == 0 ? '\n' : ' ');
            }
        }
        return text.toString();
    }

    private static List<Row> rows(Measurement m, ResidentKernel kernel, Path work, Case one)
            throws MeasureException, InterruptedException {
        Command.Outcome[] expected = new Command.Outcome[1];
        Map<String, Turn> contenders = new LinkedHashMap<>();
        List<String> runner = List.of("qemu-alpha");
        Command qemu = new Command(words(runner, one.words), work, Map.of(RUNNER, "qemu-alpha"), LIMIT);
        contenders.put(QEMU, () -> {
            Command.Outcome outcome = qemu.run();
            expected[0] = expected[0] == null ? outcome : ExecBenchmark.same(QEMU, one.words, expected[0], outcome);
            return outcome.seconds();
        });
        Command ours = new Command(words(kernel.exec(), one.words), work, kernel.environment(), LIMIT);
        List<Double> seconds = new ArrayList<>();
        List<Double> restarted = new ArrayList<>();
        contenders.put(Rounds.OURS, () -> {
            kernel.restart();
            double first = ExecBenchmark.same("run/spin exec", one.words, expected[0], ours.run()).seconds();
            seconds.add(ExecBenchmark.same("run/spin exec", one.words, expected[0], ours.run()).seconds());
            kernel.mustHaveServed(2);
            kernel.restartKeeping(SETTLE);
            restarted.add(ExecBenchmark.same("run/spin exec", one.words, expected[0], ours.run()).seconds());
            return first;
        });
        Map<String, Samples> first = m.rounds().inTurn("programs: " + one.name, contenders);
        Map<String, Samples> then = new LinkedHashMap<>(first);
        then.put(Rounds.OURS, new Samples(seconds));
        Map<String, Samples> again = new LinkedHashMap<>(first);
        again.put(Rounds.OURS, new Samples(restarted));
        String margin = "<= " + QEMU + " + 0.1 s";
        return List.of(
                Row.of(one.name + ", first run", "s", Better.LOWER, first,
                        one.brief ? margin : "<= 1.5 * " + QEMU),
                Row.of(one.name + ", first run after a restart", "s", Better.LOWER, again,
                        one.brief ? margin : "<= 1.2 * " + QEMU),
                Row.of(one.name + ", second run", "s", Better.LOWER, then, one.brief ? margin : "<= 1.0 * " + QEMU));
    }

    private static List<String> words(List<String> first, List<String> then) {
        return Stream.concat(first.stream(), then.stream()).toList();
    }

    private static void write(Path file, String text) throws MeasureException {
        try {
            Files.writeString(file, text, StandardCharsets.US_ASCII);
        } catch (IOException e) {
            throw new MeasureException("No file to measure with: " + e.getMessage(), e);
        }
    }
}
