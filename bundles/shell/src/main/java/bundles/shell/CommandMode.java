package bundles.shell;

import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.FileSystem;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import kernel.core.machine.Boot;
import kernel.core.machine.Console;
import kernel.core.machine.Power;
import kernel.core.strand.Strands;
import org.apache.felix.gogo.runtime.Parser;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Converter;
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
        try (CommandSession session = processor.createSession(InputStream.nullInputStream(), out, err)) {
            // some commands print on System.out: it is this session's while it executes
            threads.setStreams(InputStream.nullInputStream(), out, err);
            session.currentDir(files.getPath(boot.directory()));
            // where a command is looked for, the kernel's own first
            session.put("SCOPE", "spin:felix:gogo:scr:*");
            for (Parser.Executable command : parse(boot.arguments().getFirst())) {
                // one by one, because Gogo prints the result of the last only, and `lb` is all result
                Object result = session.execute(command);
                if (result != null) {
                    out.println(session.format(result, Converter.INSPECT).toString().stripTrailing());
                }
            }
            status = 0;
        } catch (Exception e) {
            err.println("run/spin -c: " + Failure.describe(e));
        } finally {
            threads.close();
            power.off(status);
        }
    }

    private static List<Parser.Executable> parse(String commands) throws Failure {
        try {
            return new Parser(commands).program().tokens();
        } catch (RuntimeException e) { // of several kinds, none of them exported by Gogo
            throw new Failure("the commands cannot be read (" + e.getMessage()
                    + "): is a closing quote, bracket or brace missing?");
        }
    }
}
