package bundles.shell;

import bundles.unix.api.ExecException;
import bundles.unix.api.Process;
import bundles.unix.api.Processes;
import bundles.unix.api.Processes.Launch;
import bundles.unix.api.Processes.Streams;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import kernel.core.machine.Boot;
import kernel.core.machine.Clock;
import kernel.core.machine.Console;
import kernel.core.machine.Session;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.Job;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code exec}, {@code ps}, {@code kill} and {@code gdb}: running programs from the shell. */
@Component(service = ProcessCommands.class, property = {"osgi.command.scope=spin", "osgi.command.function=exec",
        "osgi.command.function=ps", "osgi.command.function=kill", "osgi.command.function=gdb"})
public final class ProcessCommands {

    private static final String USAGE = "exec [-b] [-o FILE] PROG ARGS...";

    private final Processes processes;
    private final Boot boot;
    private final Clock clock;
    private final FileSystem files;
    private final Console console;

    /** Made by Declarative Services. */
    @Activate
    public ProcessCommands(@Reference Processes processes, @Reference Boot boot, @Reference Clock clock,
            @Reference(target = "(spin.filesystem=host)") FileSystem files, @Reference Console console) {
        this.processes = processes;
        this.boot = boot;
        this.clock = clock;
        this.files = files;
        this.console = console;
    }

    /** Runs a program. */
    @Descriptor("runs a Linux/Alpha program: exec [-b] [-o FILE] PROG ARGS... (-b: in the background, -o: output to FILE)")
    public void exec(CommandSession session, @Descriptor("options, program and arguments") String... words)
            throws Failure, IOException, InterruptedException {
        boolean background = false;
        String file = null;
        int i = 0;
        for (; i < words.length && words[i].startsWith("-"); i++) {
            switch (words[i]) {
                case "-b" -> background = true;
                case "-o" -> {
                    if (++i == words.length) {
                        throw new Failure("exec: -o wants a file name: " + USAGE);
                    }
                    file = words[i];
                }
                default -> throw new Failure("exec: no option " + words[i] + ": " + USAGE);
            }
        }
        if (i == words.length) {
            throw new Failure("exec: which program? " + USAGE);
        }
        Job job = Job.Utils.current();
        boolean behind = job != null && job.status() == Job.Status.Background; // the shell's own &
        List<String> command = List.of(words).subList(i, words.length);
        if (background || behind) {
            Process process = start(session, command, streams(session, true, file));
            Jobs.of(session).add(process);
            session.getConsole().println("[" + process.id() + "] " + process.command());
        } else {
            follow(session, command, file);
        }
    }

    private void follow(CommandSession session, List<String> command, String file)
            throws Failure, IOException, InterruptedException {
        Jobs jobs = Jobs.of(session);
        jobs.enter();
        try {
            Streams streams = streams(session, false, file);
            jobs.follow(session, processes, start(session, command, streams), !(streams instanceof Streams.Attached),
                    false);
        } finally {
            jobs.leave();
        }
    }

    private Process start(CommandSession session, List<String> words, Streams streams) throws Failure, IOException {
        try {
            return processes.start(new Launch(words.getFirst(), words, boot.environment(),
                    directory(session).toAbsolutePath().toString(), streams));
        } catch (ExecException e) {
            if (streams instanceof Streams.Attached attached) {
                attached.output().close();
            }
            throw new Failure("exec: " + e.getMessage());
        }
    }

    private Path directory(CommandSession session) {
        return session.currentDir() == null ? files.getPath(boot.directory()) : session.currentDir();
    }

    /** A terminal where the program is alone with one, the session's or one of its own on the console; else what Gogo gives. */
    private Streams streams(CommandSession session, boolean background, String file)
            throws IOException, Failure {
        org.apache.felix.service.command.Process gogo = org.apache.felix.service.command.Process.Utils.current();
        if (gogo != null && file == null && gogo.isTty(0) && gogo.isTty(1)) {
            boolean asked = session.get(CommandRun.ASKER) instanceof Session;
            if (!asked && console.kind(Console.INPUT) == Console.Kind.TERMINAL
                    && console.kind(Console.OUTPUT) == Console.Kind.TERMINAL) {
                return new Streams.OnTerminal();
            }
            if (!background) {
                return asked
                        ? new Streams.OnSession((Session) session.get(CommandRun.ASKER))
                        : new Streams.OnConsole();
            }
        }
        // called by other code than a command line there is no process of Gogo's, only the session
        InputStream input = gogo == null ? session.getKeyboard() : gogo.in();
        PrintStream screen = gogo == null ? session.getConsole() : gogo.out();
        PrintStream errors = gogo == null ? session.getConsole() : gogo.err();
        return new Streams.Attached(background ? InputStream.nullInputStream() : input,
                file == null ? new Unclosed(screen) : create(directory(session), file), new Unclosed(errors));
    }

    private static OutputStream create(Path directory, String file) throws IOException, Failure {
        try {
            return Files.newOutputStream(directory.resolve(file));
        } catch (FileSystemException | InvalidPathException e) {
            throw new Failure("exec: " + file + " cannot be written: check its folder and permissions");
        }
    }

    static String outcome(Process process) {
        return process.command() + (process.killedBy() > 0
                ? ": killed by signal " + Signals.name(process.killedBy()) + ", status " + process.status()
                : ": ended with status " + process.status());
    }

    /** Whether it runs, is stopped, or how it ended. */
    static String state(Process process) {
        if (process.ended()) {
            return process.killedBy() > 0
                    ? "killed " + Signals.name(process.killedBy())
                    : "ended " + process.status();
        }
        return process.stopped() ? "stopped" : process.threads() > 1 ? "running " + process.threads() : "running";
    }

    /** Lists processes. */
    @Descriptor("lists processes: id, state (and threads, if several), seconds since the start (-: it has ended), millions of instructions, "
            + "unaligned accesses, memory in KB, the parent's id, the process group, command")
    public void ps(CommandSession session) {
        Table table = new Table(">PID", "STATE", ">SECONDS", ">MINSN", ">UNALIGNED", ">KB", ">PPID", ">GROUP",
                "COMMAND");
        for (Process p : processes.processes()) {
            String seconds = p.ended() ? "-" : "%.1f".formatted((clock.monotonicTime() - p.started()) / 1e9);
            table.row(p.id(), state(p), seconds, p.instructions() / 1_000_000, p.unaligned(), p.resident() * 8L,
                    p.parent(),
                    p.group(), p.command());
        }
        table.print(session.getConsole());
    }

    /** Sends a signal. */
    @Descriptor("sends a signal to processes: kill [-SIGNAL] PID... (SIGNAL: a name or number, TERM if none is given)")
    public void kill(@Descriptor("signal and process ids") String... words) throws Failure {
        int signal = Signals.number("TERM");
        List<String> ids = List.of(words);
        if (!ids.isEmpty() && ids.getFirst().startsWith("-")) {
            String name = ids.getFirst().substring(1);
            signal = Signals.number(name);
            if (signal < 0) {
                throw new Failure("kill: there is no signal \"" + name + "\"");
            }
            ids = ids.subList(1, ids.size());
        }
        if (ids.isEmpty()) {
            throw new Failure("kill: whom? kill [-SIGNAL] PID...; `ps` lists the processes");
        }
        for (String id : ids) {
            if (!find(id).signal(signal)) {
                throw new Failure("kill: process " + id + " has ended");
            }
        }
    }

    /** Lets a debugger attach. */
    @Descriptor("lets gdb-multiarch attach to a process, which runs on until it does: gdb PID [PORT] (PORT: of this host's loopback; any, if none "
            + "is given)")
    public void gdb(CommandSession session, @Descriptor("process id, and port") String... words) throws Failure {
        if (words.length < 1 || words.length > 2) {
            throw new Failure("gdb: to which process? gdb PID [PORT]; `ps` lists the processes");
        }
        Process process = find(words[0]);
        int port = -1;
        try {
            port = words.length == 1 ? 0 : Integer.parseInt(words[1]);
        } catch (NumberFormatException e) {
            // answered below
        }
        if (port < 0 || port > 65_535) {
            throw new Failure("gdb: " + words[1] + " is no port: a number from 1 to 65535");
        }
        try {
            int at = processes.debug(process, port);
            session.getConsole().println("gdb-multiarch -ex 'target remote 127.0.0.1:" + at + "' attaches to process "
                    + process.id() + " (" + process.command() + ")");
        } catch (IOException e) {
            throw new Failure("gdb: " + e.getMessage());
        }
    }

    private Process find(String id) throws Failure {
        return find(processes, id);
    }

    static Process find(Processes processes, String id) throws Failure {
        Process process = null;
        try {
            process = processes.find(Integer.parseInt(id));
        } catch (NumberFormatException e) {
            // answered below
        }
        if (process == null) {
            throw new Failure("There is no process " + id + "; `ps` lists them");
        }
        return process;
    }

    /** The console outlives the programs that write to it. */
    private static final class Unclosed extends FilterOutputStream {

        Unclosed(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length);
            out.flush();
        }

        @Override
        public void close() throws IOException {
            flush();
        }
    }
}
