package bundles.shell;

import bundles.unix.api.ExecException;
import bundles.unix.api.Process;
import bundles.unix.api.Processes;
import bundles.unix.api.Processes.Launch;
import bundles.unix.api.Processes.Streams;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicBoolean;
import kernel.core.machine.Boot;
import kernel.core.machine.Console;
import kernel.core.machine.Power;
import kernel.core.strand.Strands;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code run/spin exec PROG ARGS...}: runs the program on the console, then switches the machine off with its status. */
@Component(service = ExecMode.class, immediate = true)
public final class ExecMode {

    /** A component is made anew when a service that it needs is updated; what the machine was started for is done once. */
    private static final AtomicBoolean TAKEN = new AtomicBoolean();

    /**
     * What is written on a terminal when a signal killed the program, as shells do; the interrupt and broken pipes go
     * without words. Elsewhere the status says it, and standard error is the program's alone.
     */
    private static final String[] DEATHS = {null, "Hangup", null, "Quit", "Illegal instruction",
            "Trace/breakpoint trap",
            "Aborted", "EMT instruction", "Floating point exception", "Killed", "Bus error", "Segmentation fault",
            "Bad system call", null, "Alarm clock", "Terminated"};

    private final Processes processes;
    private final Console console;
    private final Power power;

    /** Runs the program if that is what the machine was started for. */
    @Activate
    public ExecMode(@Reference Boot boot, @Reference Processes processes, @Reference Console console,
            @Reference Power power, @Reference Strands strands) {
        this.processes = processes;
        this.console = console;
        this.power = power;
        if (boot.mode() == Boot.Mode.EXEC && !TAKEN.getAndSet(true)) {
            strands.fork("exec", () -> run(boot));
        }
    }

    private void run(Boot boot) {
        int status = 1;
        try {
            Process process = processes.start(new Launch(boot.arguments().getFirst(), boot.arguments(),
                    boot.environment(), boot.directory(), new Streams.OnConsole()));
            process.join(0);
            status = process.status();
            if (process.killedBy() > 0) {
                // a shell on this host expects its own number
                status = 128 + Signals.hostNumber(process.killedBy());
            }
            if (console.kind(Console.ERROR) == Console.Kind.TERMINAL && process.killedBy() < DEATHS.length
                    && DEATHS[process.killedBy()] != null) {
                complain(boot.arguments().getFirst() + ": " + DEATHS[process.killedBy()]);
            }
        } catch (ExecException e) {
            complain("run/spin exec: " + e.getMessage());
            status = e.status();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            power.off(status);
        }
    }

    private void complain(String message) {
        byte[] line = (message + "\n").getBytes(StandardCharsets.UTF_8);
        try {
            console.send(Console.ERROR, line, 0, line.length);
        } catch (IOException e) {
            // nobody listens; the status says it as well
        }
    }
}
