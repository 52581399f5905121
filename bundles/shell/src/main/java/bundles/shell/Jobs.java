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
import org.apache.felix.service.command.Job;

/**
 * The programs that a session of the shell has in the background or stopped, the latest last, and those in its foreground: one, or several of
 * a pipeline. Thread-safe: the monitor guards all of it; nothing waits, and no process is told anything, with it held.
 *
 * <p>An interrupt (Ctrl-C) that comes while a command starts, and has no program yet that could get it, is kept for that program: {@link
 * #enter} comes before a command starts one, {@link #follow} when there is one.
 */
final class Jobs {

    private static final String VARIABLE = "spin.jobs";
    private static final int SIGINT = 2;
    /** Nanoseconds between two looks at whether a program has stopped; its end is noticed at once. */
    private static final long STEP = 50_000_000;
    /** Hundredths of a second that a job of Gogo's has for noticing that it was interrupted. */
    private static final int GRACE = 50;

    private final List<Process> list = new ArrayList<>();
    private final List<Process> foreground = new ArrayList<>();
    /** Commands that have begun to start a program and do not follow it yet. */
    private int starting;
    /** Somebody interrupted this line of commands: before there was a program, or a program of it has died of that. */
    private boolean interrupted;

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

    /** A new line of commands: what interrupted the one before is over. */
    synchronized void begin() {
        interrupted = false;
    }

    /** Whether what is left of this line of commands is not to run: it was interrupted. */
    synchronized boolean interrupted() {
        return interrupted;
    }

    /**
     * A program of the line has died of an interrupt. Whoever typed that meant the line, as in other shells; a program that lives on, or ends
     * as it chooses, has taken the interrupt for itself.
     */
    private synchronized void abandon() {
        interrupted = true;
    }

    /**
     * A command is going to start a program, or to put one in the foreground; {@link #leave} follows in any case.
     *
     * @throws InterruptedException it is not to: the line was interrupted
     */
    synchronized void enter() throws InterruptedException {
        if (interrupted || Thread.interrupted()) {
            throw new InterruptedException("interrupted before a program was started");
        }
        starting++;
    }

    /** The command has ended, whatever became of it. */
    synchronized void leave() {
        starting--;
    }

    /**
     * Interrupts the programs in the foreground; of those that start now, each when there is one.
     *
     * @return {@code false}: nobody starts or follows one; a command that is about to do so will not
     */
    boolean interrupt() {
        List<Process> now;
        boolean some;
        synchronized (this) {
            now = List.copyOf(foreground);
            some = starting > 0;
            interrupted |= starting > now.size() || !some;
        }
        now.forEach(process -> process.interrupt(SIGINT));
        return some;
    }

    /** Sends a signal to the programs in the foreground, as their terminal does. @return whether there are such */
    boolean tell(int signal) {
        List<Process> now;
        synchronized (this) {
            now = List.copyOf(foreground);
        }
        now.forEach(process -> process.interrupt(signal));
        return !now.isEmpty();
    }

    /**
     * Gives up what Gogo runs. A job that Gogo has not begun yet when it is interrupted is never begun and never done, and Gogo would wait for
     * it for ever: that one is put in the background.
     *
     * @param job what the shell waits for, or null
     * @return whether there is one
     */
    static boolean giveUp(Job job) {
        if (job == null) {
            return false;
        }
        job.interrupt();
        try {
            for (int i = 0; i < GRACE && job.status() == Job.Status.Foreground; i++) {
                Thread.sleep(10);
            }
            if (job.status() == Job.Status.Foreground) {
                job.background();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IllegalStateException e) {
            return true; // it was done just now
        }
        return true;
    }

    /** There is a program that gets what interrupts the line. @return whether something did already */
    private synchronized boolean enterForeground(Process process) {
        foreground.add(process);
        return interrupted;
    }

    private synchronized void leaveForeground(Process process) {
        foreground.remove(process);
    }

    /**
     * Waits for a program in the foreground, which has the session's terminal, until it ends or is stopped; an interrupt (Ctrl-C) is the
     * program's. When the calling strand is interrupted, the shell does not wait for its commands any more: then the program is interrupted
     * as well, and goes on as one in the background, should it go on. Between {@link #enter} and {@link #leave}.
     *
     * @param terminal whether it has one: who stops without is waited for
     * @param resume whether it was not in the foreground yet: its name is shown, and it is to go on
     * @throws Failure it ended with another status than 0
     */
    void follow(CommandSession session, Processes processes, Process process, boolean terminal, boolean resume)
            throws Failure, IOException {
        Session asker = session.get(CommandRun.ASKER) instanceof Session one ? one : null;
        boolean asked = asker != null && terminal && asker.channel(Console.INPUT).kind() == Console.Kind.TERMINAL;
        TerminalSettings before = asked ? asker.channel(Console.INPUT).settings() : null;
        boolean front = asker == null && terminal && processes.toFront(process);
        boolean ended = false;
        boolean givenUp = false;
        boolean early = enterForeground(process);
        try {
            if (resume) {
                // Who reads this may type at the program already, so not before it has the terminal, which is raw then.
                session.getConsole().print(process.command() + (front ? "\r\n" : "\n"));
                session.getConsole().flush();
                process.goOn();
            }
            if (early) {
                process.interrupt(SIGINT);
            }
            ended = await(process, front || before != null);
        } catch (InterruptedException e) {
            process.interrupt(SIGINT);
            givenUp = true;
        } finally {
            leaveForeground(process);
            if (before != null) {
                asker.channel(Console.INPUT).setSettings(before, 1);
            } else if (front) {
                processes.toBack(process);
            }
        }
        if (ended) {
            end(process);
        } else if (givenUp) {
            add(process);
            Thread.currentThread().interrupt();
        } else {
            add(process);
            session.getConsole().println("\n[" + process.id() + "] stopped  " + process.command());
        }
    }

    /** @return whether it has ended */
    private static boolean await(Process process, boolean stops) throws InterruptedException {
        while (true) {
            if (process.join(STEP)) {
                return true;
            }
            if (stops && process.stopped()) {
                return false;
            }
        }
    }

    private void end(Process process) throws Failure {
        remove(process);
        process.reap();
        if (process.killedBy() == SIGINT) {
            abandon();
        }
        org.apache.felix.service.command.Process gogo = org.apache.felix.service.command.Process.Utils.current();
        if (process.killedBy() == SIGINT && gogo != null && !gogo.isTty(1)) {
            return; // Gogo would show a failure of each command of a pipeline that was interrupted
        }
        if (process.status() != 0) {
            throw new Failure(ProcessCommands.outcome(process));
        }
    }
}
