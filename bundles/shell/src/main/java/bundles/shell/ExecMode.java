package bundles.shell;

import bundles.unix.api.Processes;
import bundles.unix.api.Processes.Launch;
import bundles.unix.api.Processes.Streams;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import kernel.core.machine.Boot;
import kernel.core.machine.Console;
import kernel.core.machine.Power;
import kernel.core.machine.Session;
import kernel.core.strand.Strands;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.condition.Condition;

/** {@code run/spin exec PROG ARGS...}: runs the program on the console, then switches the machine off with its status. */
@Component(service = ExecMode.class, immediate = true)
public final class ExecMode {

    /** A component is made anew when a service that it needs is updated; what the machine was started for is done once. */
    private static final AtomicBoolean TAKEN = new AtomicBoolean();

    private final Processes processes;
    private final Console console;
    private final Power power;

    /**
     * Runs the program if that is what the machine was started for. The condition: before every bundle has started, a program
     * could find a machine without its network.
     */
    @Activate
    public ExecMode(@Reference Boot boot, @Reference Processes processes, @Reference Console console,
            @Reference Power power, @Reference Strands strands,
            @Reference(target = "(osgi.condition.id=spin.booted)") Condition booted) {
        this.processes = processes;
        this.console = console;
        this.power = power;
        if (boot.mode() == Boot.Mode.EXEC && !TAKEN.getAndSet(true)) {
            strands.fork("exec", () -> run(boot));
        }
    }

    private void run(Boot boot) {
        int status = 1;
        Session starter = console.session();
        Streams streams = starter == null ? new Streams.OnConsole() : new Streams.OnSession(starter);
        try {
            status = ProgramRun.run(processes, new Launch(boot.arguments().getFirst(), boot.arguments(),
                    boot.environment(), boot.directory(), streams), console.kind(Console.ERROR), this::complain,
                    process -> {
                        if (starter != null) {
                            ProgramRun.lend(starter, process);
                        }
                    });
        } finally {
            power.off(status);
        }
    }

    private void complain(byte[] line) {
        try {
            console.send(Console.ERROR, line, 0, line.length);
        } catch (IOException e) {
            // nobody listens; the status says it as well
        }
    }
}
