package bundles.shell;

import java.io.PrintStream;
import kernel.core.machine.Boot;
import kernel.core.machine.Clock;
import kernel.core.machine.Machine;
import kernel.core.memory.PhysAddr;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code banner}, {@code machine} and {@code strands}: what the machine is and does. */
@Component(service = MachineCommands.class, property = {"osgi.command.scope=spin", "osgi.command.function=banner",
        "osgi.command.function=machine"})
public final class MachineCommands {

    private static final int MB = 1 << 20;

    private final Machine machine;
    private final PhysAddr memory;
    private final Clock clock;
    private final Boot boot;
    private final BundleContext context;

    /** Made by Declarative Services. */
    @Activate
    public MachineCommands(@Reference Machine machine, @Reference PhysAddr memory, @Reference Clock clock,
            @Reference Boot boot, BundleContext context) {
        this.machine = machine;
        this.memory = memory;
        this.clock = clock;
        this.boot = boot;
        this.context = context;
    }

    /** What the shell says when it starts. */
    @Descriptor("says what machine this is and where to go next")
    public void banner(CommandSession session) {
        PrintStream out = session.getConsole();
        String took = boot.started() == 0 ? "" : ", up in %.2f s".formatted((clock.realTime() - boot.started()) / 1e9);
        out.printf("SPIN/OSGi: %s, %d processors, %d MB, %d bundles%s%n", machine.name(), machine.processors(),
                machine.memory() / MB, context.getBundles().length, took);
        out.println("help: all commands · exec PROG: run an Alpha program · events: what is bound to what");
        out.println("Drop a bundle into run/load to extend the kernel; docs/ and README.md: a tour. Ctrl-D ends.");
    }

    /** Shows the machine. */
    @Descriptor("shows processors, memory, uptime and bundles")
    public void machine(CommandSession session) {
        int active = 0;
        for (Bundle bundle : context.getBundles()) {
            active += bundle.getState() == Bundle.ACTIVE ? 1 : 0;
        }
        Table table = new Table("machine", machine.name());
        table.row("processors", machine.processors());
        table.row("memory", machine.memory() / MB + " MB in frames of " + memory.pageSize() / 1024 + " KB, "
                + (long) memory.free() * memory.pageSize() / MB + " MB free");
        table.row("up", "%.1f s".formatted(clock.monotonicTime() / 1e9));
        table.row("bundles", context.getBundles().length + ", active " + active);
        table.print(session.getConsole());
    }
}
