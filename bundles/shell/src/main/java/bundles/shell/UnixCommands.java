package bundles.shell;

import bundles.unix.api.Processes;
import bundles.unix.api.SyscallTable;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import kernel.core.machine.Boot;
import kernel.core.machine.Clock;
import kernel.core.machine.Console;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Commands about UNIX: an Alpha shell, and what there is of Linux/Alpha's system calls. Thread-safe: holds nothing. */
@Component(service = UnixCommands.class, property = {"osgi.command.scope=spin", "osgi.command.function=sh",
        "osgi.command.function=unix"})
public final class UnixCommands {

    private final SyscallTable table;
    private final ProcessCommands commands;
    private final Boot boot;
    private final FileSystem files;

    /** Made by Declarative Services. */
    @Activate
    public UnixCommands(@Reference SyscallTable table, @Reference Processes processes, @Reference Boot boot,
            @Reference Clock clock, @Reference Console console,
            @Reference(target = "(spin.filesystem=host)") FileSystem files) {
        this.table = table;
        this.boot = boot;
        this.files = files;
        this.commands = new ProcessCommands(processes, boot, clock, files, console);
    }

    /** Runs an Alpha shell. */
    @Descriptor("runs busybox's shell for the Alpha, which run/userland builds: sh [-c COMMANDS | SCRIPT ARGS...]")
    public void sh(CommandSession session, @Descriptor("the shell's arguments") String... words)
            throws Failure, IOException, InterruptedException {
        Path root = root();
        Path shell = root.resolve("bin/busybox");
        if (!Files.isExecutable(shell)) {
            throw new Failure("sh: there is no shell at " + shell + ": run/userland busybox builds one");
        }
        List<String> line = new ArrayList<>(List.of(shell.toString(), "sh"));
        if (words.length == 0) {
            line.add("-c");
            line.add("PATH=" + root.resolve("bin") + ":$PATH; export PATH; exec sh -i");
        } else {
            line.addAll(List.of(words));
        }
        commands.exec(session, line.toArray(String[]::new));
    }

    /** Where run/userland puts what it builds. */
    private Path root() {
        String cache = variable("XDG_CACHE_HOME");
        return files.getPath(cache.isEmpty() ? variable("HOME") + "/.cache" : cache).resolve("spin/root");
    }

    private String variable(String name) {
        return boot.environment().stream().filter(entry -> entry.startsWith(name + "="))
                .map(entry -> entry.substring(name.length() + 1)).findFirst().orElse("");
    }

    /** Tells about system calls. */
    @Descriptor("lists Linux/Alpha's system calls and how far they are there: unix syscalls [NAME]")
    public void unix(CommandSession session, @Descriptor("syscalls, and part of a name") String... words)
            throws Failure {
        if (words.length == 0 || words.length > 2 || !words[0].equals("syscalls")) {
            throw new Failure("unix: unix syscalls [NAME] lists the system calls");
        }
        Table rows = new Table(">NUMBER", "NAME", "SUPPORT");
        for (int number : table.numbers()) {
            if (words.length == 1 || table.name(number).contains(words[1])) {
                rows.row(number, table.name(number), table.support(number));
            }
        }
        rows.print(session.getConsole());
    }
}
