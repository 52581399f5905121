package bundles.shell;

import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import kernel.core.dispatch.Dispatcher;
import kernel.core.dispatch.Dispatcher.BindingState;
import kernel.core.dispatch.Dispatcher.Count;
import kernel.core.dispatch.Dispatcher.EventState;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.Parameter;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code events}: what is bound to what, how often it runs, how long it takes, what fails. */
@Component(service = EventCommands.class, property = {"osgi.command.scope=spin", "osgi.command.function=events",
        "osgi.command.function=rearm"})
public final class EventCommands {

    private static final int LONGEST = 60_000;

    private final Dispatcher dispatcher;

    /** Made by Declarative Services. */
    @Activate
    public EventCommands(@Reference Dispatcher dispatcher) {
        this.dispatcher = dispatcher;
    }

    /** Lists all events. */
    @Descriptor("lists the kernel's events: what is bound to each, in the order in which a raise runs it, and how often it "
            + "is raised")
    public void events(CommandSession session,
            @Parameter(names = {"-t", "--time"},
                    absentValue = "200") @Descriptor("how long to count, in milliseconds; 0 for not at all") int time)
            throws Failure, InterruptedException {
        PrintStream out = session.getConsole();
        List<EventState> all = look(time);
        Table table = time == 0
                ? new Table("EVENT", "BOUND")
                : new Table("EVENT", ">RAISES/S", ">MEAN", ">LONGEST", "BOUND");
        for (EventState event : all) {
            String bound = String.join(", ", event.bindings().stream().map(EventCommands::mark).toList());
            bound = bound.isEmpty() ? "nothing" : bound;
            if (time == 0) {
                table.row(shortName(event.name()), bound);
            } else {
                Count count = event.count();
                table.row(shortName(event.name()), rate(count), mean(count), longest(count), bound);
            }
        }
        table.print(out);
        for (EventState event : all) {
            event.faults().forEach(fault -> out.println(shortName(event.name()) + ": " + fault));
            event.bindings().stream().filter(b -> !b.trouble().isEmpty())
                    .forEach(b -> out.println(shortName(event.name()) + ": " + b.name() + ": " + b.trouble()));
        }
    }

    /** Shows one event. */
    @Descriptor("shows one event: its bindings in order, with guards, rates, time and failures")
    public void events(CommandSession session,
            @Parameter(names = {"-t", "--time"},
                    absentValue = "200") @Descriptor("how long to count, in milliseconds; 0 for not at all") int time,
            @Descriptor("name of the event or of its interface, such as Syscall") String name)
            throws Failure, InterruptedException {
        List<EventState> found = look(time).stream().filter(event -> matches(event.name(), name)).toList();
        if (found.isEmpty()) {
            throw new Failure("There is no event \"" + name + "\"; `events` lists them");
        }
        for (EventState event : found) {
            show(session.getConsole(), event);
        }
    }

    /** Lets quarantined handlers run again. */
    @Descriptor("lets quarantined handlers of an event run again")
    public void rearm(CommandSession session, @Descriptor("name of the event's interface, such as Syscall") String name)
            throws Failure {
        rearm(session, name, "");
    }

    /** Lets one quarantined handler run again. */
    @Descriptor("lets one quarantined handler run again")
    public void rearm(CommandSession session, @Descriptor("name of the event's interface, such as Syscall") String name,
            @Descriptor("name of the handler") String binding) throws Failure {
        int count = dispatcher.rearm(name, binding);
        if (count == 0) {
            throw new Failure("Nothing of that name is quarantined; `events` tells what is");
        }
        session.getConsole().println(count == 1 ? "1 handler runs again" : count + " handlers run again");
    }

    private List<EventState> look(int time) throws Failure, InterruptedException {
        if (time < 0 || time > LONGEST) {
            throw new Failure("-t takes 0 to " + LONGEST + " milliseconds, not " + time);
        }
        return time == 0 ? dispatcher.events() : dispatcher.measure(Duration.ofMillis(time));
    }

    private static void show(PrintStream out, EventState event) {
        out.println(event.name() + (event.keys().isEmpty() ? "" : "  keys: " + String.join(", ", event.keys()))
                + raised(event.count()));
        Table table = new Table("  NAME", "ROLE", "ORDER", "GUARD", "MODE", ">CALLS/S", ">MEAN", ">LONGEST", ">FAILED",
                ">BUNDLE", "");
        for (BindingState b : event.bindings()) {
            table.row("  " + mark(b), b.role(), b.order(), b.guard(), b.modes(), rate(b.count()), mean(b.count()),
                    longest(b.count()), b.failures(), b.bundleId(), b.bundle());
        }
        table.print(out);
        event.bindings().stream().filter(b -> !b.trouble().isEmpty())
                .forEach(b -> out.println("  " + b.name() + ": " + b.trouble()));
        event.faults().forEach(fault -> out.println("  fault: " + fault));
    }

    private static String raised(Count count) {
        if (count == null) {
            return "";
        }
        return count.calls() == 0
                ? "  not raised in " + time(count.over())
                : "  " + rate(count) + " raises/s, mean " + mean(count);
    }

    private static String mark(BindingState binding) {
        return binding.trouble().startsWith("quarantined") ? "(" + binding.name() + ")" : binding.name();
    }

    private static String rate(Count count) {
        return count == null || count.calls() == 0 ? "" : String.format(Locale.ROOT, "%,.0f", count.rate());
    }

    private static String mean(Count count) {
        return count == null || count.calls() == 0 ? "" : time(count.nanos() / count.calls());
    }

    private static String longest(Count count) {
        return count == null || count.longest() == 0 ? "" : time(count.longest());
    }

    /** Nanoseconds in the unit in which they have up to four digits. */
    private static String time(long nanos) {
        if (nanos < 10_000) {
            return nanos + " ns";
        }
        return nanos < 10_000_000 ? nanos / 1000 + " us" : nanos / 1_000_000 + " ms";
    }

    private static String shortName(String name) {
        int method = name.lastIndexOf('.');
        return name.substring(name.lastIndexOf('.', Math.max(0, method - 1)) + 1);
    }

    private static boolean matches(String full, String name) {
        String known = "." + full + ".";
        return known.toLowerCase(Locale.ROOT).contains("." + name.toLowerCase(Locale.ROOT) + ".");
    }
}
