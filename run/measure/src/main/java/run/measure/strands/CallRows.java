package run.measure.strands;

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
import run.measure.Samples;
import run.measure.dispatch.DispatchTask;
import run.measure.exec.ResidentKernel;
import run.measure.kernel.KernelChild;

/** What it costs to call somebody who is protected: in the kernel, from a program, from one program to another (SOSP'95 table 2). */
final class CallRows {

    /** What the table's readers are to know. */
    static final String REMARK = """
            Calls: in the kernel, an event of which only the intrinsic handler is bound; call: the same through an interface of
            Java's. The others: run/peers/crossing.c, an Alpha program in the resident kernel and the same source on this host: a
            null system call, and a number given to another process, which answers another, by two pipes or through a shared page
            and futex(2). spin1995, osf1995: SOSP'95 table 2 (OSF/1's call by sockets and RPC, Mach's 104 us by messages).
            """;

    private static final String EVENT = "event";
    private static final String CALL = "call";
    private static final String ALPHA = "crossing";
    private static final String LINUX = "linux";
    private static final String SPIN = "spin1995";
    private static final String OSF = "osf1995";
    /** As run/bench dispatch has it: microseconds above the plain call that an event may cost. */
    private static final String AS_A_CALL = "<= call + 0.0005 us";
    private static final String AS_LINUX = "<= 1 * " + LINUX;

    /** Milliseconds until the kernel's own code for pipes and futexes has been compiled for long. */
    private static final String WARM_UP = "6000";

    private CallRows() {}

    /**
     * What is run in each round.
     *
     * @param kernel in which the Alpha program runs; it is run here first, until it is warm
     * @param length milliseconds of each
     * @param limit after which a command is ended
     */
    static Map<String, Command> turns(Measurement m, ResidentKernel kernel, String length, Duration limit)
            throws MeasureException, InterruptedException {
        alpha(m, kernel, WARM_UP, limit).run();
        Map<String, Command> turns = new LinkedHashMap<>();
        turns.put(EVENT, inKernel(m, length, limit, DispatchTask.WANTED));
        turns.put(CALL, inKernel(m, length, limit, DispatchTask.CALL));
        turns.put(ALPHA, alpha(m, kernel, length, limit));
        turns.put(LINUX, Command.of(m.tree().home(), m.peers().host("crossing").toString(), length));
        return turns;
    }

    private static Command alpha(Measurement m, ResidentKernel kernel, String length, Duration limit)
            throws MeasureException, InterruptedException {
        List<String> words = new ArrayList<>(kernel.exec());
        words.addAll(List.of(m.peers().alpha("crossing").toString(), length));
        return new Command(words, m.tree().home(), kernel.environment(), limit);
    }

    private static Command inKernel(Measurement m, String length, Duration limit, String way) throws MeasureException {
        return KernelChild.command(m.tree(), DispatchTask.class, limit, List.of(length, way, "0"));
    }

    /** @param figures by turn and figure, a blank between them, nanoseconds */
    static List<Row> rows(Map<String, List<Double>> figures) {
        Map<String, Samples> inKernel = new LinkedHashMap<>();
        inKernel.put(Rounds.OURS, micros(figures, EVENT + " ns"));
        inKernel.put(CALL, micros(figures, CALL + " ns"));
        inKernel.put(SPIN, Samples.known(0.13));
        return List.of(Row.of("protected call in the kernel", "us", Better.LOWER, inKernel, AS_A_CALL),
                row(figures, "null system call", "null", 4, 5),
                row(figures, "call to another address space, pipes", "pipe", 89, 845),
                row(figures, "call to another address space, futex", "futex", 89, 845));
    }

    private static Row row(Map<String, List<Double>> figures, String title, String figure, double spin, double osf) {
        Map<String, Samples> row = new LinkedHashMap<>();
        row.put(Rounds.OURS, micros(figures, ALPHA + " " + figure));
        row.put(LINUX, micros(figures, LINUX + " " + figure));
        row.put(SPIN, Samples.known(spin));
        row.put(OSF, Samples.known(osf));
        return Row.of(title, "us", Better.LOWER, row, AS_LINUX);
    }

    private static Samples micros(Map<String, List<Double>> figures, String name) {
        return new Samples(figures.get(name).stream().map(nanos -> nanos / 1000).toList());
    }
}
