package run.measure.net;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import run.measure.Benchmark;
import run.measure.Better;
import run.measure.Command;
import run.measure.MeasureException;
import run.measure.Measurement;
import run.measure.Row;
import run.measure.Rounds;
import run.measure.Rounds.Turn;
import run.measure.Samples;
import run.measure.kernel.KernelChild;

/** Datagrams from application to application, and TCP streams, beside the same by the host's Linux. */
public final class NetBenchmark implements Benchmark {

    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final String LINUX = "linux";
    private static final String SPIN = "spin1995";
    /** UDP, 16 bytes, microseconds: SOSP'95 table 5, and with drivers made for latency; through a forwarder, table 6. */
    private static final double SPIN_ETHERNET = 565, SPIN_TUNED = 337, SPIN_ATM = 421, SPIN_FORWARD = 1344;
    private static final List<Integer> ENDPOINTS = List.of(1, 5, 10, 50, 1000);

    @Override
    public String name() {
        return "net";
    }

    @Override
    public String description() {
        return "Datagrams from application to application and TCP streams: the protocol graph beside the host's Linux.";
    }

    @Override
    public String needs() {
        return "gcc";
    }

    @Override
    public List<Row> run(Measurement m) throws MeasureException, InterruptedException {
        String span = m.quick() ? "500" : "2000";
        List<Double> allocated = new ArrayList<>();
        Map<Integer, Double> together = new LinkedHashMap<>();
        Map<String, Turn> udp = new LinkedHashMap<>();
        udp.put("1", () -> kernel(m, span, together, allocated));
        for (int count : ENDPOINTS.subList(1, ENDPOINTS.size())) {
            udp.put("" + count, () -> together.get(count)); // measured by turns with the first
        }
        udp.put("wire", () -> wire(m, "udp", 1500, span) / 1000);
        udp.put(LINUX, () -> linux(m, "udp", span) / 1000);
        Map<String, Samples> trips = m.rounds().inTurn("udp", udp);
        List<Row> rows = new ArrayList<>();
        rows.add(row("UDP round trip, 16 bytes, within one kernel", "us", Better.LOWER, ">= 3 x linux",
                trips.get("1"), LINUX, trips.get(LINUX), SPIN, Samples.known(SPIN_TUNED)));
        for (int count : ENDPOINTS.subList(1, ENDPOINTS.size())) {
            rows.add(row("  with %,d endpoints; base: 1".formatted(count), "us", Better.LOWER, "<= 1.2 * base",
                    trips.get("" + count), "base", trips.get("1")));
        }
        rows.add(row("UDP round trip, two stacks on a wire in one process", "us", Better.LOWER, null,
                trips.get("wire"), LINUX, trips.get(LINUX), SPIN, Samples.known(SPIN_ETHERNET)));
        rows.add(row("bytes allocated by a round trip within one kernel", "B", Better.LOWER, "<= 0 B",
                new Samples(allocated)));
        rows.add(row("datagrams a second through the graph, one strand", "1/s", Better.HIGHER, null,
                new Samples(trips.get("1").values().stream().map(us -> 2e6 / us).toList())));
        rows.addAll(between(m, span));
        Map<String, Turn> tcp = new LinkedHashMap<>();
        tcp.put(Rounds.OURS, () -> wire(m, "tcp", 65535, span));
        tcp.put(LINUX, () -> linux(m, "tcp", span));
        tcp.put("1500", () -> wire(m, "tcp", 1500, span));
        Map<String, Samples> streams = m.rounds().inTurn("tcp", tcp);
        rows.add(row("TCP stream over a wire in one process, MTU 65,535", "Gb/s", Better.HIGHER, ">= 10 Gb/s",
                streams.get(Rounds.OURS), LINUX, streams.get(LINUX)));
        rows.add(row("TCP stream over a wire in one process, MTU 1,500", "Gb/s", Better.HIGHER, null,
                streams.get("1500")));
        if (TapRows.possible()) {
            rows.addAll(TapRows.measure(m, String.join(" ", java(m, TapMain.class)), Long.parseLong(span)));
        }
        return rows;
    }

    /** Between processes, on wires by UNIX sockets. */
    private static List<Row> between(Measurement m, String span) throws MeasureException, InterruptedException {
        Map<String, Turn> turns = new LinkedHashMap<>();
        for (String what : List.of("udp", "udp-handlers", "udp-atm", "rpc", "rpc-atm", "am", "forward", "java")) {
            turns.put(what, () -> nodes(m, what, span) / 1000);
        }
        turns.put(LINUX, () -> linux(m, "udp", span) / 1000);
        Map<String, Samples> trips = m.rounds().inTurn("between processes", turns);
        Samples linux = trips.get(LINUX);
        Samples java = trips.get("java");
        List<Row> rows = new ArrayList<>();
        rows.add(between("UDP round trip, 16 bytes, two processes, Ethernet", trips.get("udp"), linux, java,
                SPIN_ETHERNET));
        rows.add(between("  the same, by the applications' handlers alone", trips.get("udp-handlers"), linux, java,
                SPIN_ETHERNET));
        rows.add(between("UDP round trip, 16 bytes, two processes, ATM", trips.get("udp-atm"), linux, java, SPIN_ATM));
        rows.add(row("null RPC by UDP, two processes, Ethernet", "us", Better.LOWER, null, trips.get("rpc")));
        rows.add(row("null RPC by UDP, two processes, ATM", "us", Better.LOWER, null, trips.get("rpc-atm")));
        rows.add(row("active message and its answer, 16 bytes, two processes", "us", Better.LOWER, null,
                trips.get("am")));
        rows.add(row("UDP round trip through a forwarder, three processes", "us", Better.LOWER, null,
                trips.get("forward"), SPIN, Samples.known(SPIN_FORWARD)));
        Map<String, Turn> opening = new LinkedHashMap<>();
        opening.put(Rounds.OURS, () -> 1e9 / nodes(m, "connect", span));
        opening.put(LINUX, () -> linux(m, "connect", span));
        Map<String, Samples> rates = m.rounds().inTurn("connections", opening);
        rows.add(row("TCP connections a second, one after the other, two processes", "1/s", Better.HIGHER, null,
                rates.get(Rounds.OURS), LINUX, rates.get(LINUX)));
        return rows;
    }

    private static Row between(String name, Samples ours, Samples linux, Samples java, double spin) {
        return row(name, "us", Better.LOWER, null, ours, LINUX, linux, "java", java, SPIN, Samples.known(spin));
    }

    @Override
    public String remark() {
        return """
                linux: two processes over the loopback interface of the host (16 bytes in blocking calls; a stream of writes of
                256 KB, MTU 65,536). Within one kernel: both applications in one kernel, through the dispatcher, by call; with how
                many endpoints: by turns in one virtual machine. On a wire: two stacks in plain Java, each with its own strand; the
                wire keeps frames as they are, so neither these nor Linux's loopback compute checksums.

                SPIN 1995 (SOSP table 5), UDP round trip of 16 bytes between two DEC Alphas at 133 MHz, microseconds:
                            OSF/1   SPIN   SPIN, drivers made for latency   hardware's floor
                Ethernet      789    565                              337              ~ 250
                ATM           631    421                              241              ~ 100
                Bandwidth, Mb/s: Ethernet 8.9 both; ATM 27.9 OSF/1, 33 SPIN.

                Over TAP (as root only): Linux in one network namespace, we on a TAP device, Linux in a third namespace, on one
                bridge by veth, MTU 1,500, offloads off.

                Between processes: a plain Java program each, on wires by a UNIX socket (two system calls a frame, and a wait for the
                other process), with checksums; ATM: cells, AAL5 and InATMARP as well. Who asks waits for the answer in a strand of his
                own, which the wire's strand wakes; by handlers alone the next question is sent by the handler of the answer, in the
                strand that brought it, as SPIN's applications did. java: two processes with DatagramSockets on
                loopback. Connections: opened, closed by both sides, and forgotten; Linux: the same by loopback.

                SPIN 1995 (SOSP table 6), round trip of 16 bytes through a forwarder, microseconds:
                            TCP OSF/1   TCP SPIN   UDP OSF/1   UDP SPIN
                Ethernet         2080       1420        1607       1344
                ATM              1730       1067        1389       1024
                """;
    }

    private static Row row(String name, String unit, Better better, String target, Samples ours, Object... peers) {
        Map<String, Samples> all = new LinkedHashMap<>();
        all.put(Rounds.OURS, ours);
        for (int i = 0; i < peers.length; i += 2) {
            all.put((String) peers[i], (Samples) peers[i + 1]);
        }
        return Row.of(name, unit, better, all, target);
    }

    private static String words(Command command) throws MeasureException, InterruptedException {
        Command.Outcome outcome = command.run();
        if (outcome.status() != 0) {
            throw new MeasureException(
                    command + " ended with status " + outcome.status() + ":\n" + outcome.lastWords());
        }
        return outcome.text().strip();
    }

    /** Measures all numbers of endpoints by turns in one kernel. @return microseconds with the first of them */
    private static double kernel(Measurement m, String span, Map<Integer, Double> together, List<Double> allocated)
            throws MeasureException, InterruptedException {
        String counts = ENDPOINTS.stream().map(String::valueOf).collect(Collectors.joining(","));
        String[] said = words(KernelChild.command(m.tree(), List.of(KernelChild.CORE, "net"), UdpTask.class, LIMIT,
                List.of(counts, span))).split(" ");
        for (int i = 0; i < ENDPOINTS.size(); i++) {
            together.put(ENDPOINTS.get(i), Double.parseDouble(said[i]) / 1000);
        }
        allocated.add(Double.parseDouble(said[ENDPOINTS.size()]));
        return together.get(ENDPOINTS.getFirst());
    }

    private static double wire(Measurement m, String what, int mtu, String span)
            throws MeasureException, InterruptedException {
        return plain(m, WireMain.class, what, "" + mtu, span);
    }

    private static double nodes(Measurement m, String what, String span)
            throws MeasureException, InterruptedException {
        return plain(m, NodesMain.class, what, span);
    }

    private static double plain(Measurement m, Class<?> main, String... words)
            throws MeasureException, InterruptedException {
        List<String> all = new ArrayList<>(java(m, main));
        all.addAll(List.of(words));
        return Double.parseDouble(words(new Command(all, m.tree().home(), Map.of(), LIMIT)));
    }

    /** Words that run a class in plain Java, without a framework. */
    private static List<String> java(Measurement m, Class<?> main) throws MeasureException {
        try (Stream<Path> jars = Stream.of("core", "net", "plain").flatMap(folder -> jars(m, folder))) {
            String path = m.tree().jar() + ":" + jars.map(Path::toString).collect(Collectors.joining(":"));
            return List.of(Path.of(System.getProperty("java.home"), "bin/java").toString(), "-XX:+UseSerialGC",
                    "--enable-native-access=ALL-UNNAMED", "--add-opens=java.base/java.lang=ALL-UNNAMED", "-cp", path,
                    main.getName());
        } catch (UncheckedIOException e) {
            throw new MeasureException("There are no jars in " + e.getMessage() + ": build run/measure", e);
        }
    }

    private static Stream<Path> jars(Measurement m, String folder) {
        try {
            return Files.list(m.tree().assembly().resolve(folder));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static double linux(Measurement m, String what, String span)
            throws MeasureException, InterruptedException {
        return Double.parseDouble(words(Command.of(m.tree().home(), m.peers().host("net").toString(), what, span)));
    }
}
