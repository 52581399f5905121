package run.measure.exec;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
 * What UNIX costs: system calls, processes, and programs that live on them, beside qemu-alpha, this host's Linux, and what SPIN's
 * server and Digital UNIX took in 1996 (Dion's UNIX server report, 133 MHz; {@code ls} warm).
 *
 * <p>All is measured from inside, by {@code run/peers/calls.c}, in a resident kernel that has done the same before, as often as
 * makes it faster: a client's start, which {@code run/bench exec} measures, is no part of it. Programs are busybox and sqlite3 that
 * {@code run/userland} builds; the native column has the host's busybox and sqlite3, if there are any, so it may be of another
 * version.
 */
public final class UnixBenchmark implements Benchmark {

    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final String QEMU = "qemu", NATIVE = "native", DIGITAL = "Digital UNIX 1996", SPIN = "SPIN 1996";
    private static final String TARGET = ">= 1 x " + QEMU;
    private static final int FILES = 300;

    /** Where a contender's programs are. @param runner words before an Alpha program; empty where it starts by itself */
    private record Place(Path calls, String busybox, String sqlite, List<String> runner) {

        List<String> program(String name, List<String> arguments) {
            List<String> words = new ArrayList<>(runner);
            words.add(name);
            words.addAll(arguments);
            return words;
        }
    }

    /** Words for {@code calls} at a place, or {@code null} where there is no such program. */
    private interface Words {
        List<String> at(Place place);
    }

    /** @param scale of seconds; @param digital, spin what was measured in 1996, or null */
    private record Case(String name, String unit, double scale, Words words, Double digital, Double spin) {}

    @Override
    public String name() {
        return "unix";
    }

    @Override
    public String description() {
        return "System calls, processes and programs beside qemu-alpha, Linux, and SPIN's server; warm, in a resident kernel.";
    }

    @Override
    public String needs() {
        return "alpha-linux-gnu-gcc, qemu-alpha, programs of run/userland busybox sqlite3; gcc, busybox and sqlite3 for the native column";
    }

    @Override
    public List<Row> run(Measurement m) throws MeasureException, InterruptedException {
        m.peers().require("qemu-alpha");
        Path bin = Userland.bin(m, List.of("busybox", "sqlite3"));
        Path work = Userland.folder(name());
        try (ResidentKernel kernel = new ResidentKernel(m.tree().spin(), LIMIT)) {
            makeFiles(work);
            String busybox = bin.resolve("busybox").toString();
            String sqlite = bin.resolve("sqlite3").toString();
            Path alpha = m.peers().alpha("calls");
            Place ours = new Place(alpha, busybox, sqlite, List.of());
            Place qemu = new Place(alpha, busybox, sqlite, List.of("qemu-alpha"));
            Place host = new Place(m.peers().host("calls"), installed("busybox"), installed("sqlite3"), List.of());
            kernel.restart();
            List<Row> rows = new ArrayList<>();
            for (Case one : cases(work)) {
                rows.add(row(m, kernel, work, one, List.of(ours, qemu, host)));
            }
            return rows;
        } finally {
            Userland.remove(work);
        }
    }

    private static List<Case> cases(Path work) {
        String loop = "i=0; while [ $i -lt 300 ]; do i=$((i+1)); x=$(echo $i); done; echo $x";
        String inserts = "create table t(a integer primary key,b text);" + "begin;"
                + "with recursive n(x) as (select 1 union all select x+1 from n where x<2000)"
                + " insert into t select x,'row '||x from n;" + "commit;"
                + "insert into t(b) values('one');".repeat(20) + "select count(*) from t;drop table t;";
        return List.of(
                new Case("getpid", "us", 1e6, place -> List.of("getpid"), 2., 597.),
                new Case("read 1 KB", "us", 1e6, place -> List.of("read", work + "/files/f1"), 24., 643.),
                new Case("pipe there and back", "us", 1e6, place -> List.of("pipe"), null, null),
                new Case("fork, exit, wait", "us", 1e6, place -> List.of("fork"), null, null),
                new Case("fork, exec, exit, wait", "ms", 1e3,
                        place -> words(List.of("exec"), place.program(place.calls.toString(), List.of("nothing"))),
                        null,
                        null),
                program("ls -l, 300 files", 20, 159., 530., List.of("ls", "-l", work + "/files")),
                new Case("sqlite3, 2,000 inserts and 20 transactions", "ms", 1e3,
                        place -> place.sqlite == null
                                ? null
                                : words(List.of("run", "5"),
                                        place.program(place.sqlite, List.of(work + "/db", inserts))),
                        null, null),
                program("shell loop, 300 command substitutions", 5, null, null, List.of("ash", "-c", loop)),
                program("tar, 300 files", 10, null, null, List.of("tar", "cf", work + "/tar", "-C", work.toString(),
                        "files")));
    }

    private static Case program(String name, int times, Double digital, Double spin, List<String> arguments) {
        return new Case(name, "ms", 1e3, place -> place.busybox == null
                ? null
                : words(List.of("run", Integer.toString(times)), place.program(place.busybox, arguments)), digital,
                spin);
    }

    private static List<String> words(List<String> first, List<String> then) {
        List<String> all = new ArrayList<>(first);
        all.addAll(then);
        return all;
    }

    private static Row row(Measurement m, ResidentKernel kernel, Path work, Case one, List<Place> places)
            throws MeasureException, InterruptedException {
        Map<String, Turn> contenders = new LinkedHashMap<>();
        Place ours = places.get(0);
        Place qemu = places.get(1);
        Place host = places.get(2);
        contenders.put(QEMU, () -> figure(work, one, words(List.of("qemu-alpha"), started(qemu, one)), Map.of()));
        contenders.put(Rounds.OURS,
                () -> figure(work, one, words(kernel.exec(), started(ours, one)), kernel.environment()));
        if (one.words.at(host) != null) {
            contenders.put(NATIVE, () -> figure(work, one, started(host, one), Map.of()));
        }
        Map<String, Samples> figures = new LinkedHashMap<>(m.rounds().steady("unix: " + one.name, contenders));
        figures.putIfAbsent(NATIVE, Samples.none());
        figures.put(DIGITAL, one.digital == null ? Samples.none() : Samples.known(one.digital));
        figures.put(SPIN, one.spin == null ? Samples.none() : Samples.known(one.spin));
        return Row.of(one.name, one.unit, Better.LOWER, figures, TARGET);
    }

    private static List<String> started(Place place, Case one) {
        return words(List.of(place.calls.toString()), one.words.at(place));
    }

    private static double figure(Path work, Case one, List<String> words, Map<String, String> environment)
            throws MeasureException, InterruptedException {
        Command command = new Command(words, work, environment, LIMIT);
        Command.Outcome outcome = command.run();
        try {
            if (outcome.status() == 0) {
                return Double.parseDouble(outcome.text().strip()) * one.scale;
            }
        } catch (NumberFormatException e) {
            // told below
        }
        throw new MeasureException(
                command + " ended with status " + outcome.status() + " and said \"" + outcome.text().strip() + "\":\n"
                        + outcome.lastWords());
    }

    /** The host's own program of this name, or null. */
    private static String installed(String name) {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(":")).map(place -> Path.of(place, name))
                .filter(Files::isExecutable).map(Path::toString).findFirst().orElse(null);
    }

    private static void makeFiles(Path work) throws MeasureException {
        try {
            Path files = Files.createDirectory(work.resolve("files"));
            for (int i = 1; i <= FILES; i++) {
                Files.write(files.resolve("f" + i), new byte[1024 + i]);
            }
        } catch (IOException e) {
            throw new MeasureException("No files to measure with: " + e.getMessage(), e);
        }
    }
}
