package bundles.shell;

import bundles.unix.api.Process;
import bundles.unix.api.Processes;
import java.io.IOException;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Job control: programs that were stopped by Ctrl-Z or started in the background. Thread-safe: each session has its {@link Jobs}. */
@Component(service = JobCommands.class, property = {"osgi.command.scope=spin", "osgi.command.function=fg",
        "osgi.command.function=bg", "osgi.command.function=jobs"})
public final class JobCommands {

    private final Processes processes;

    /** Made by Declarative Services. */
    @Activate
    public JobCommands(@Reference Processes processes) {
        this.processes = processes;
    }

    /** Puts a program in the foreground. */
    @Descriptor("a stopped program, or one in the background, goes on with the terminal: fg [PID] (the latest if none is named)")
    public void fg(CommandSession session, @Descriptor("a process id") String... words)
            throws Failure, IOException, InterruptedException {
        Process process = chosen(session, "fg", words);
        Jobs jobs = Jobs.of(session);
        jobs.enter();
        try {
            jobs.follow(session, processes, process, true, true);
        } finally {
            jobs.leave();
        }
    }

    /** Has a stopped program go on in the background. */
    @Descriptor("a stopped program goes on in the background: bg [PID] (the latest if none is named)")
    public void bg(CommandSession session, @Descriptor("a process id") String... words) throws Failure {
        Process process = chosen(session, "bg", words);
        process.goOn();
        Jobs.of(session).add(process);
        session.getConsole().println("[" + process.id() + "] " + process.command());
    }

    /** Lists programs in the background. */
    @Descriptor("lists this shell's programs that are stopped or in the background; those that have ended once")
    public void jobs(CommandSession session) {
        Jobs jobs = Jobs.of(session);
        Table table = new Table(">PID", "STATE", "COMMAND");
        for (Process process : jobs.list()) {
            table.row(process.id(), ProcessCommands.state(process), process.command());
            if (process.ended()) {
                process.reap();
                jobs.remove(process);
            }
        }
        table.print(session.getConsole());
    }

    private Process chosen(CommandSession session, String command, String... words) throws Failure {
        if (words.length > 1) {
            throw new Failure(command + ": wants one process id, or none: " + command + " [PID]");
        }
        Process process = words.length == 0
                ? Jobs.of(session).latest()
                : ProcessCommands.find(processes, words[0]);
        if (process == null) {
            throw new Failure(
                    command + ": this shell has no program that is stopped or in the background; `ps` lists all");
        }
        if (process.ended()) {
            throw new Failure(command + ": process " + process.id() + " has ended");
        }
        return process;
    }
}
