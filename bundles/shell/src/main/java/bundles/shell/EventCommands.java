package bundles.shell;

import java.io.PrintStream;
import java.util.List;
import kernel.core.dispatch.Dispatcher;
import kernel.core.dispatch.Dispatcher.BindingState;
import kernel.core.dispatch.Dispatcher.EventState;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code events}: what is bound to what. */
@Component(service = EventCommands.class, property = {"osgi.command.scope=spin", "osgi.command.function=events"})
public final class EventCommands {

    private final Dispatcher dispatcher;

    /** Made by Declarative Services. */
    @Activate
    public EventCommands(@Reference Dispatcher dispatcher) {
        this.dispatcher = dispatcher;
    }

    /** Lists all events. */
    @Descriptor("lists the kernel's events and, in the order in which a raise runs them, what is bound to each")
    public void events(CommandSession session) {
        PrintStream out = session.getConsole();
        Table table = new Table("EVENT", "BOUND");
        List<EventState> all = dispatcher.events();
        for (EventState event : all) {
            String bound = String.join(", ", event.bindings().stream().map(BindingState::name).toList());
            table.row(shortName(event.name()), bound.isEmpty() ? "nothing: a raise waits" : bound);
        }
        table.print(out);
        all.forEach(event -> event.faults().forEach(fault -> out.println(shortName(event.name()) + ": " + fault)));
    }

    /** Shows one event. */
    @Descriptor("shows one event: its bindings in order, with role, order, guard and bundle")
    public void events(CommandSession session,
            @Descriptor("name of the event or of its interface, such as Syscall") String name) throws Failure {
        List<EventState> found = dispatcher.events().stream().filter(event -> matches(event.name(), name)).toList();
        if (found.isEmpty()) {
            throw new Failure("There is no event \"" + name + "\"; `events` lists them");
        }
        for (EventState event : found) {
            session.getConsole().println(event.name());
            Table table = new Table("  NAME", "ROLE", "ORDER", "GUARD", ">BUNDLE", "");
            for (BindingState b : event.bindings()) {
                table.row("  " + b.name(), b.role(), b.order(), b.guard(), b.bundleId(), b.bundle());
            }
            table.print(session.getConsole());
            event.faults().forEach(fault -> session.getConsole().println("  fault: " + fault));
        }
    }

    private static String shortName(String name) {
        int method = name.lastIndexOf('.');
        return name.substring(name.lastIndexOf('.', Math.max(0, method - 1)) + 1);
    }

    private static boolean matches(String full, String name) {
        String known = "." + full + ".";
        return known.toLowerCase().contains("." + name.toLowerCase() + ".");
    }
}
