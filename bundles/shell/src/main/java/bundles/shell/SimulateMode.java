package bundles.shell;

import bundles.unix.api.ExecException;
import bundles.unix.api.Processes;
import bundles.unix.api.Processes.Launch;
import bundles.unix.api.Processes.Streams;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import kernel.core.machine.Boot;
import kernel.core.machine.Console;
import kernel.core.machine.Power;
import kernel.core.machine.VirtualTime;
import kernel.core.strand.Schedulers;
import kernel.core.strand.Strands;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.condition.Condition;

/** {@code run/spin simulate}: runs a program with one seed or several, then switches the machine off. */
@Component(service = SimulateMode.class, immediate = true)
public final class SimulateMode {

    /** A component is made anew when a service that it needs is updated; what the machine was started for is done once. */
    private static final AtomicBoolean TAKEN = new AtomicBoolean();

    private final Boot boot;
    private final Processes processes;
    private final Simulation simulation;
    private final Console console;
    private final Power power;
    private final FileSystem files;

    /** Runs the program if that is what the machine was started for. */
    @Activate
    public SimulateMode(@Reference Boot boot, @Reference Processes processes, @Reference Console console,
            @Reference Power power, @Reference Strands strands, @Reference Schedulers schedulers,
            @Reference VirtualTime time, @Reference(target = "(spin.filesystem=host)") FileSystem files,
            @Reference(target = "(osgi.condition.id=spin.booted)") Condition booted) {
        this.boot = boot;
        this.processes = processes;
        this.console = console;
        this.power = power;
        this.files = files;
        simulation = new Simulation(processes, schedulers, time);
        if (boot.mode() == Boot.Mode.SIMULATE && !TAKEN.getAndSet(true)) {
            strands.fork("simulate", this::run);
        }
    }

    private void run() {
        int status = 1;
        PrintStream errors = new PrintStream(new ConsoleStream(console, Console.ERROR), true);
        try {
            List<String> words = boot.arguments();
            long first = Long.parseLong(words.get(0));
            long last = Long.parseLong(words.get(1));
            String trace = words.get(2);
            status = first == last
                    ? one(first, trace, words.subList(3, words.size()), new ConsoleStream(console, Console.OUTPUT),
                            new ConsoleStream(console, Console.ERROR))
                    : search(first, last, trace, words.subList(3, words.size()), errors);
        } catch (ExecException e) {
            errors.println("run/spin simulate: " + e.getMessage());
            status = e.status();
        } catch (IOException e) {
            errors.println("run/spin simulate: " + Failure.describe(e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            power.off(status);
        }
    }

    private int one(long seed, String trace, List<String> command, OutputStream out, OutputStream err)
            throws ExecException, IOException, InterruptedException {
        Launch launch = new Launch(command.getFirst(), command, boot.environment(), boot.directory(),
                new Streams.Attached(InputStream.nullInputStream(), out, err));
        if (trace.isEmpty()) {
            return simulation.run(seed, launch, null);
        }
        try (PrintStream to = new PrintStream(Files.newOutputStream(files.getPath(boot.directory()).resolve(trace)))) {
            return simulation.run(seed, launch, (time, processor, strand) -> to.println(time + " " + strand.name()));
        }
    }

    private int search(long first, long last, String trace, List<String> command, PrintStream errors)
            throws ExecException, IOException, InterruptedException {
        for (long seed = first; seed <= last; seed++) {
            ByteArrayOutputStream output = new ByteArrayOutputStream();
            int status = one(seed, trace, command, output, output);
            if (status != 0) {
                console.send(Console.OUTPUT, output.toByteArray(), 0, output.size());
                errors.println("seed " + seed + ": status " + status + ". run/spin simulate --seed " + seed
                        + " repeats this run.");
                return status;
            }
        }
        errors.println("seeds " + first + " to " + last + ": status 0 in each run.");
        return 0;
    }
}
