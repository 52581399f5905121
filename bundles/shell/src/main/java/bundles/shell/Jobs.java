package bundles.shell;

import bundles.unix.api.Process;
import bundles.unix.api.Processes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import kernel.core.machine.Console;
import kernel.core.machine.Session;
import kernel.core.machine.TerminalSettings;
import org.apache.felix.service.command.CommandSession;

/**
 * The programs that a session of the shell has in the background or stopped, the latest last, and the one in its foreground. Thread-safe: the
 * monitor guards the list; nothing waits with it held.
 */
final class Jobs {

    private static final String VARIABLE = "spin.jobs";
    private static final int SIGINT = 2, SIGCONT = 19;
    /** Nanoseconds between two looks at whether a program has stopped; its end is noticed at once. */
    private static final long STEP = 50_000_000;

    private final List<Process> list = new ArrayList<>();
    private volatile Process foreground;

    /** Those of a session. */
    static Jobs of(CommandSession session) {
        synchronized (session) {
            if (session.get(VARIABLE) instanceof Jobs jobs) {
                return jobs;
            }
            Jobs jobs = new Jobs();
            session.put(VARIABLE, jobs);
            return jobs;
        }
    }

    /** A program runs in the background, or has stopped. */
    synchronized void add(Process process) {
        list.remove(process);
        list.add(process);
    }

    /** Those that somebody has not heard the end of. */
    synchronized List<Process> list() {
        return List.copyOf(list);
    }

    synchronized void remove(Process process) {
        list.remove(process);
    }

    /** The latest that has not ended, or null. */
    synchronized Process latest() {
        return list.reversed().stream().filter(process -> !process.ended()).findFirst().orElse(null);
    }

    /** The program that the session waits for, or null. */
    Process foreground() {
        return foreground;
    }

    /** Has a stopped program go on. */
    static void goOn(Process process) {
        process.signal(SIGCONT);
        process.interrupt(SIGCONT); // who is in its terminal's foreground, if that is another
    }

    /**
     * Waits for a program in the foreground, which has the session's terminal, until it ends or is stopped; an interrupt (Ctrl-C) is the
     * program's.
     *
     * @param terminal whether it has one: who stops without is waited for
     * @param resume whether it was not in the foreground yet: its name is shown, and it is to go on
     * @throws Failure it ended with another status than 0
     */
    void follow(CommandSession session, Processes processes, Process process, boolean terminal, boolean resume)
            throws Failure, IOException {
        Session asker = session.get(CommandRun.ASKER) instanceof Session one ? one : null;
        TerminalSettings before = asker == null || !terminal ? null : asker.channel(Console.INPUT).settings();
        boolean front = asker == null && terminal && processes.toFront(process);
        foreground = process;
        boolean ended = false;
        try {
            if (resume) {
                // Who reads this may type at the program already, so not before it has the terminal, which is raw then.
                session.getConsole().print(process.command() + (front ? "\r\n" : "\n"));
                session.getConsole().flush();
                goOn(process);
            }
            ended = await(process, front || before != null);
        } finally {
            foreground = null;
            if (before != null) {
                asker.channel(Console.INPUT).setSettings(before, 1);
            } else if (front) {
                processes.toBack(process);
            }
        }
        if (ended) {
            end(process);
        } else {
            add(process);
            session.getConsole().println("\n[" + process.id() + "] stopped  " + process.command());
        }
    }

    /** @return whether it has ended */
    private static boolean await(Process process, boolean stops) {
        while (true) {
            try {
                if (process.join(STEP)) {
                    return true;
                }
                if (stops && process.stopped()) {
                    return false;
                }
            } catch (InterruptedException e) {
                process.interrupt(SIGINT);
            }
        }
    }

    private void end(Process process) throws Failure {
        remove(process);
        process.reap();
        if (process.status() != 0) {
            throw new Failure(ProcessCommands.outcome(process));
        }
    }
}
