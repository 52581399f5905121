package bundles.shell;

import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.FileSystem;
import java.util.concurrent.atomic.AtomicBoolean;
import kernel.core.machine.Boot;
import kernel.core.machine.Console;
import kernel.core.machine.Power;
import kernel.core.strand.Strands;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.threadio.ThreadIO;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.condition.Condition;

/** {@code run/spin -c 'commands'}: runs the commands once all bundles are started, then switches the machine off. */
@Component(service = CommandMode.class, immediate = true)
public final class CommandMode {

    /** A component is made anew when a service that it needs is updated; what the machine was started for is done once. */
    private static final AtomicBoolean TAKEN = new AtomicBoolean();

    private final CommandProcessor processor;
    private final ThreadIO threads;
    private final Power power;
    private final Console console;
    private final FileSystem files;

    /** Runs the commands if that is what the machine was started for. */
    @Activate
    public CommandMode(@Reference Boot boot, @Reference CommandProcessor processor, @Reference ThreadIO threads,
            @Reference Power power,
            @Reference Strands strands, @Reference Console console,
            @Reference(target = "(spin.filesystem=host)") FileSystem files,
            @Reference(target = "(osgi.condition.id=spin.booted)") Condition booted) {
        this.processor = processor;
        this.threads = threads;
        this.power = power;
        this.console = console;
        this.files = files;
        if (boot.mode() == Boot.Mode.COMMANDS && !TAKEN.getAndSet(true)) {
            strands.fork("commands", () -> run(boot));
        }
    }

    private void run(Boot boot) {
        int status = 1;
        PrintStream out = new PrintStream(new ConsoleStream(console, Console.OUTPUT), true);
        PrintStream err = new PrintStream(new ConsoleStream(console, Console.ERROR), true);
        InputStream in = InputStream.nullInputStream();
        try (CommandRun commands = new CommandRun(processor, threads, files.getPath(boot.directory()), in, out, err)) {
            commands.run(boot.arguments().getFirst());
            status = 0;
        } catch (Exception e) {
            err.println("run/spin -c: " + Failure.describe(e));
        } finally {
            power.off(status);
        }
    }
}
