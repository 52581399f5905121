package bundles.unix.provider;

import bundles.unix.api.ExecException;
import bundles.unix.api.FolderEntries;
import bundles.unix.api.PathLookup;
import bundles.unix.api.Process;
import bundles.unix.api.Processes;
import bundles.unix.api.ProgramStart;
import bundles.unix.api.SharedFile;
import bundles.unix.provider.abi.ErrnoException;
import bundles.unix.provider.file.ConsoleFile;
import bundles.unix.provider.file.ConsoleLine;
import bundles.unix.provider.file.HostFiles;
import bundles.unix.provider.file.OpenFile;
import bundles.unix.provider.file.InputFile;
import bundles.unix.provider.file.SessionFile;
import bundles.unix.provider.file.StreamFile;
import bundles.unix.provider.gdb.GdbServer;
import bundles.unix.provider.process.Kernel;
import bundles.unix.provider.process.ControllingTerminal;
import bundles.unix.provider.process.Launcher;
import bundles.unix.provider.process.ProcessTable;
import bundles.unix.provider.process.ProgramFiles;
import bundles.unix.provider.process.PseudoTerminals;
import bundles.unix.provider.process.SystemV;
import bundles.unix.provider.process.UnixProcess;
import bundles.unix.provider.signal.Signal;
import bundles.unix.provider.signal.SignalInfo;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import kernel.core.dispatch.Binding;
import kernel.core.machine.Clock;
import kernel.core.machine.Console;
import kernel.core.machine.FileOpener;
import kernel.core.machine.FileStatuses;
import kernel.core.machine.Machine;
import kernel.core.machine.Processor;
import kernel.core.machine.RandomSource;
import kernel.core.memory.PhysAddr;
import kernel.core.strand.Strands;
import kernel.ext.vm.api.AddressSpaces;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/**
 * Starts and finds processes. Thread-safe: what changes is in the {@link ProcessTable}. When it is deactivated its processes
 * are killed.
 */
@Component
public final class UnixProcesses implements Processes {

    private static final int DEFAULT_ID = 1000;
    private static final int DEFAULT_UMASK = 022;
    /** How long all processes together may take to end when the bundle stops. */
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(5);

    private final System.Logger log = System.getLogger(UnixProcesses.class.getName());
    private final Console console;
    private final ConsoleLine line;
    private final Foreground foreground;
    private final FileSystem files;
    private final ProcessTable table;
    private final Launcher launcher;
    private final GdbServer debugger;
    private final ProgramFiles programs;
    private final SystemV systemV;
    private final Strands strands;
    private final PseudoTerminals terminals;
    /** Of processes that are nobody's from outside. */
    private final int umask;

    /**
     * @param processor runs programs
     * @param spaces makes address spaces
     * @param strands makes strands
     * @param clock tells the time
     * @param random makes random numbers
     * @param machine tells what the machine is
     * @param memory tells how much there is
     * @param files the host's files
     * @param opener opens those that are regular
     * @param statuses tells their status
     * @param lookup finds them
     * @param entries lists folders
     * @param starts says what programs find at their start
     * @param sharing says what shared mappings of files show
     * @param console the console
     * @param line what came in on it
     * @param foreground who has it
     * @param networks has the network, while there is one
     * @param debugger watches the program that is to be debugged
     */
    @Activate
    public UnixProcesses(@Reference Processor processor, @Reference AddressSpaces spaces, @Reference Strands strands,
            @Reference Clock clock, @Reference RandomSource random, @Reference Machine machine,
            @Reference PhysAddr memory,
            @Reference(target = "(spin.filesystem=host)") FileSystem files, @Reference FileOpener opener,
            @Reference FileStatuses statuses,
            @Reference(target = Binding.STUB_ONLY) PathLookup lookup,
            @Reference(target = Binding.STUB_ONLY) FolderEntries entries,
            @Reference(target = Binding.STUB_ONLY) ProgramStart starts,
            @Reference(target = Binding.STUB_ONLY) SharedFile sharing, @Reference Console console,
            @Reference ConsoleLine line, @Reference Foreground foreground, @Reference Networks networks,
            @Reference GdbServer debugger) {
        HostFiles.use(statuses);
        this.debugger = debugger;
        this.console = console;
        this.line = line;
        this.foreground = foreground;
        this.files = files;
        this.umask = umask(files);
        int[] owner = owner(files);
        var kernel = new Kernel(clock, random, strands, machine, memory, processor, spaces, files, opener, lookup,
                entries, starts, sharing, owner[0], owner[1],
                networks::internet);
        this.table = kernel.table();
        this.programs = kernel.programs();
        this.systemV = kernel.systemV();
        this.strands = strands;
        this.terminals = kernel.terminals();
        this.launcher = new Launcher(kernel);
    }

    /** User and group that the kernel runs for, which are those of its own entry in the host's table of processes. */
    private static int[] owner(FileSystem files) {
        try {
            var status = HostFiles.status(files.getPath("/proc/self"), true);
            return new int[]{status.user(), status.group()};
        } catch (IOException e) {
            return new int[]{DEFAULT_ID, DEFAULT_ID};
        }
    }

    /** The umask that the kernel has on the host; the usual one if it has none, which only a resident kernel does. */
    private static int umask(FileSystem files) {
        try {
            for (String line : Files.readAllLines(files.getPath("/proc/self/status"), StandardCharsets.ISO_8859_1)) {
                if (line.startsWith("Umask:")) {
                    int mask = Integer.parseInt(line.substring("Umask:".length()).strip(), 8);
                    return mask == 0 ? DEFAULT_UMASK : mask;
                }
            }
        } catch (IOException e) {
            // no such table: not Linux
        }
        return DEFAULT_UMASK;
    }

    @Override
    public Process start(Launch launch) throws ExecException {
        if (launch.streams() instanceof Streams.OnTerminal) {
            return startOnTerminal(launch);
        }
        int mask = launch.streams() instanceof Streams.OnSession(var session) ? session.umask() : umask;
        UnixProcess process = launcher.start(launch, streams(launch.streams()), mask, new ControllingTerminal(table),
                debugger::observe);
        if (launch.streams() instanceof Streams.OnConsole) {
            foreground.enter(process);
        }
        return process;
    }

    private Process startOnTerminal(Launch launch) throws ExecException {
        try {
            var terminal = new ConsoleTerminal(console, line, strands, terminals);
            UnixProcess process = launcher.start(launch, terminal.streams(files.getPath(PseudoTerminals.FOLDER)), umask,
                    terminal.control(), debugger::observe);
            foreground.add(process, terminal);
            return process;
        } catch (ErrnoException | IOException e) {
            throw new ExecException(launch.path() + ": no terminal can be made for it: " + e.getMessage(), 126);
        }
    }

    @Override
    public boolean toFront(Process process) throws IOException {
        return foreground.toFront(process);
    }

    @Override
    public void toBack(Process process) throws IOException {
        foreground.toBack(process);
    }

    @Override
    public byte[] takeLine() {
        return line.takeLine();
    }

    private List<OpenFile> streams(Streams streams) {
        return switch (streams) {
            case Streams.OnSession(var session) -> IntStream.rangeClosed(Console.INPUT, Console.ERROR)
                    .<OpenFile>mapToObj(number -> new SessionFile(session.channel(number), files)).toList();
            case Streams.OnTerminal() -> throw new IllegalArgumentException("a terminal is no list of files");
            case Streams.OnConsole() -> List.of(new ConsoleFile(console, line, Console.INPUT),
                    new ConsoleFile(console, line, Console.OUTPUT), new ConsoleFile(console, line, Console.ERROR));
            case Streams.Attached(var input, var output, var error) -> List.of(
                    new InputFile(input), new StreamFile(output), new StreamFile(error));
        };
    }

    @Override
    public int debug(Process process, int port) throws IOException {
        return debugger.attach((UnixProcess) process, port);
    }

    @Override
    public List<Process> processes() {
        return List.copyOf(table.all());
    }

    @Override
    public Process find(int id) {
        return table.find(id);
    }

    /** Kills all processes at once, those as well that are just making others. */
    void endAll() {
        table.send(process -> true, SignalInfo.kernel(Signal.SIGKILL));
    }

    /** Lets go of program files that nobody runs. */
    void forgetIdlePrograms() {
        programs.forgetIdle();
    }

    /** Kills what still runs and waits for it, for some seconds. */
    @Deactivate
    void stop() {
        table.close();
        programs.close();
        endAll();
        long deadline = System.nanoTime() + PATIENCE;
        for (UnixProcess process : table.all()) {
            try {
                if (!process.join(Math.max(1, deadline - System.nanoTime()))) {
                    log.log(System.Logger.Level.WARNING, "process {0} ({1}) did not end",
                            Integer.toString(process.id()),
                            process.command());
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
        systemV.segments().close();
        try {
            foreground.nobody();
        } catch (IOException e) {
            log.log(System.Logger.Level.DEBUG, "the console is gone", e);
        }
    }
}
