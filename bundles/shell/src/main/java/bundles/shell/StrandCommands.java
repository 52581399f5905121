package bundles.shell;

import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import kernel.core.strand.Schedulers;
import kernel.core.strand.Schedulers.Change;
import kernel.core.strand.Schedulers.ProcessorState;
import kernel.core.strand.Strand;
import kernel.core.strand.Strands;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.Parameter;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Commands about strands and who schedules them. Thread-safe. */
@Component(service = StrandCommands.class, property = {"osgi.command.scope=spin", "osgi.command.function=strands",
        "osgi.command.function=top", "osgi.command.function=sched"})
public final class StrandCommands {

    private static final int MILLION = 1_000_000;
    private static final int LONGEST = 60_000;

    private final Strands strands;
    private final Schedulers schedulers;

    /** Made by Declarative Services. */
    @Activate
    public StrandCommands(@Reference Strands strands, @Reference Schedulers schedulers) {
        this.strands = strands;
        this.schedulers = schedulers;
    }

    /** Lists strands. */
    @Descriptor("lists strands: where they run or what they wait in, priority, milliseconds of processor time; deadlocks")
    public void strands(CommandSession session) {
        PrintStream out = session.getConsole();
        Table table = new Table(">ID", "STATE", ">CPU", ">PRIO", ">SHARES", ">MS", "NAME", "WAITS IN");
        for (Strand strand : strands.strands()) {
            table.row(strand.id(), strand.state().toString().toLowerCase(), on(strand), strand.parameters().priority(),
                    strand.parameters().shares(), strand.processorTime() / MILLION, strand.name(), waitsIn(strand));
        }
        table.print(out);
        List<String> deadlocks = strands.deadlocks();
        deadlocks.forEach(line -> out.println("deadlock: " + line));
    }

    private static String on(Strand strand) {
        return strand.processor() < 0 ? "-" : Integer.toString(strand.processor());
    }

    /** The innermost place that is not the JDK's own way of waiting. */
    private static String waitsIn(Strand strand) {
        if (strand.state() != Strand.State.BLOCKED) {
            return "";
        }
        for (StackTraceElement frame : strand.thread().getStackTrace()) {
            String name = frame.getClassName();
            if (!name.startsWith("java.") && !name.startsWith("jdk.")) {
                return name.substring(name.lastIndexOf('.') + 1) + "." + frame.getMethodName();
            }
        }
        return "";
    }

    /** Shows who used the processors in a while. */
    @Descriptor("shows which strands used the processors in the next second")
    public void top(CommandSession session) throws InterruptedException {
        top(session, 1000);
    }

    /** Shows who used the processors in a while. */
    @Descriptor("shows which strands used the processors in the time to come")
    public void top(CommandSession session, @Descriptor("milliseconds, 10 to 60000") int milliseconds)
            throws InterruptedException {
        if (milliseconds < 10 || milliseconds > LONGEST) {
            throw new IllegalArgumentException("top: " + milliseconds + " ms; give 10 to " + LONGEST);
        }
        Map<Long, Long> before = new HashMap<>();
        strands.strands().forEach(strand -> before.put(strand.id(), strand.processorTime()));
        List<ProcessorState> then = schedulers.processors();
        long start = System.nanoTime();
        Thread.sleep(milliseconds);
        double took = System.nanoTime() - start;
        List<ProcessorState> now = schedulers.processors();
        PrintStream out = session.getConsole();
        StringBuilder line = new StringBuilder(schedulers.inForce() + ":");
        for (int i = 0; i < now.size(); i++) {
            line.append(" processor %d %.0f %% busy, %.0f switches/s;".formatted(i,
                    Math.min(100, 100 * (now.get(i).busy() - then.get(i).busy()) / took),
                    (now.get(i).switches() - then.get(i).switches()) / took * 1e9));
        }
        out.println(line.substring(0, line.length() - 1));
        Table table = new Table(">ID", ">%CPU", "STATE", ">CPU", ">PRIO", "NAME");
        strands.strands().stream()
                .map(strand -> Map.entry(strand, strand.processorTime() - before.getOrDefault(strand.id(), 0L)))
                .filter(used -> used.getValue() > 0)
                .sorted(Comparator.comparing(used -> -used.getValue()))
                .limit(20)
                .forEach(used -> table.row(used.getKey().id(), "%.1f".formatted(100 * used.getValue() / took),
                        used.getKey().state().toString().toLowerCase(), on(used.getKey()),
                        used.getKey().parameters().priority(), used.getKey().name()));
        table.print(out);
    }

    /** Shows the policies. */
    @Descriptor("shows scheduling policies, which one is in force, the latest changes, thread packages, and what went wrong")
    public void sched(CommandSession session) {
        PrintStream out = session.getConsole();
        for (String policy : schedulers.policies()) {
            out.println((policy.equals(schedulers.inForce()) ? "* " : "  ") + policy);
        }
        List<Change> changes = schedulers.changes();
        if (!changes.isEmpty()) {
            Table table = new Table("SINCE", "POLICY", ">STRANDS", "WHY");
            for (Change change : changes) {
                Instant time = Instant.EPOCH.plus(Duration.ofNanos(change.time()));
                table.row(DateTimeFormatter.ofPattern("HH:mm:ss.SSS").withZone(ZoneId.systemDefault()).format(time),
                        change.policy(), change.strands(), change.reason());
            }
            table.print(out);
        }
        if (!schedulers.packages().isEmpty()) {
            Table table = new Table("THREAD PACKAGE", ">CPUS", ">STRANDS", ">WAITING", ">TURNS");
            schedulers.packages().forEach(one -> table.row(one.name(), one.processors(), one.strands(), one.waiting(),
                    one.turns()));
            table.print(out);
        }
        if (!schedulers.report().isEmpty()) {
            out.print(schedulers.report());
        }
    }

    /** Puts a policy in force. */
    @Descriptor("puts a scheduling policy in force; strands go on")
    public void sched(CommandSession session, @Descriptor("name, see `sched`") String policy) {
        schedulers.choose(policy);
        Change change = schedulers.changes().getFirst();
        session.getConsole().println(schedulers.inForce() + " is in force; " + change.strands()
                + " strands were ready and were handed over");
    }

    /** Changes what a strand asks for. */
    @Descriptor("changes a strand's priority or shares: sched -p PRIORITY ID, or sched -s SHARES ID")
    public void sched(CommandSession session,
            @Descriptor("priority, -2 to 10000") @Parameter(names = "-p", absentValue = "") String priority,
            @Descriptor("shares, 1 to 10000") @Parameter(names = "-s", absentValue = "") String shares,
            @Descriptor("strand") long id) {
        Strand strand = strands.strands().stream().filter(one -> one.id() == id).findFirst().orElseThrow(
                () -> new IllegalArgumentException("There is no strand " + id + ": see `strands`"));
        if (!priority.isEmpty()) {
            strand.setParameters(strand.ownParameters().withPriority(Integer.parseInt(priority)));
        }
        if (!shares.isEmpty()) {
            strand.setParameters(strand.ownParameters().withShares(Integer.parseInt(shares)));
        }
        session.getConsole().println("strand " + id + " (" + strand.name() + "): priority "
                + strand.parameters().priority() + ", " + strand.parameters().shares() + " shares");
    }
}
