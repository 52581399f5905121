package bundles.shell;

import bundles.unix.api.ExecException;
import bundles.unix.api.Process;
import bundles.unix.api.Processes;
import bundles.unix.api.Processes.Launch;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.function.Consumer;
import kernel.core.machine.Console;
import kernel.core.machine.Session;

/** Runs one program for a user of the host from its start to its end. Stateless. */
final class ProgramRun {

    /**
     * What is written on a terminal when a signal killed the program, as shells do; the interrupt and broken pipes go
     * without words. Elsewhere the status says it, and standard error is the program's alone.
     */
    private static final String[] DEATHS = {null, "Hangup", null, "Quit", "Illegal instruction",
            "Trace/breakpoint trap",
            "Aborted", "EMT instruction", "Floating point exception", "Killed", "Bus error", "Segmentation fault",
            "Bad system call", null, "Alarm clock", "Terminated"};

    /** Signals that a terminal sends to those in its foreground. */
    private static final Set<String> KEYS = Set.of("INT", "QUIT", "TSTP", "WINCH");

    private ProgramRun() {}

    /** Passes on what a session's asker gets to a program, which stops him when it stops. */
    static void lend(Session session, Process process) {
        process.setStopAction(session::suspend);
        session.listen(name -> signal(process, name));
    }

    private static void signal(Process process, String name) {
        int number = Signals.number(name);
        if (name.equals("CONT")) {
            process.goOn(); // the asker goes on: who was in his foreground does, too
        } else if (KEYS.contains(name)) {
            process.interrupt(number);
        } else if (number > 0) {
            process.signal(number);
        }
    }

    /**
     * Runs it.
     *
     * @param launch what to run
     * @param errors what its standard error is
     * @param complain is given lines for standard error, as bytes
     * @param started is given the process as soon as there is one
     * @return the status that a shell of the host expects, 0 to 255
     */
    static int run(Processes processes, Launch launch, Console.Kind errors, Consumer<byte[]> complain,
            Consumer<Process> started) {
        try {
            Process process = processes.start(launch);
            started.accept(process);
            process.join(0);
            process.reap();
            int signal = process.killedBy();
            if (errors == Console.Kind.TERMINAL && signal < DEATHS.length && DEATHS[signal] != null) {
                complain.accept(line(launch.path() + ": " + DEATHS[signal]));
            }
            // a shell on this host expects its own number
            return signal > 0 ? 128 + Signals.hostNumber(signal) : process.status();
        } catch (ExecException e) {
            complain.accept(line("run/spin exec: " + e.getMessage()));
            return e.status();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 1;
        }
    }

    static byte[] line(String text) {
        return (text + "\n").getBytes(StandardCharsets.UTF_8);
    }
}
