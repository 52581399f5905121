package bundles.shell;

import bundles.unix.api.Processes;
import java.io.IOError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CancellationException;
import kernel.core.machine.Boot;
import kernel.core.machine.Power;
import org.apache.felix.gogo.jline.ParsedLineImpl;
import org.apache.felix.gogo.jline.Shell;
import org.apache.felix.gogo.runtime.Parser;
import org.apache.felix.gogo.runtime.Pipe;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.CommandSessionListener;
import org.apache.felix.service.command.Converter;
import org.apache.felix.service.command.Job;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.ParsedLine;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Terminal;
import org.jline.utils.AttributedStringBuilder;
import org.jline.utils.AttributedStyle;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/**
 * The shell that {@code run/spin} gives on the console: reads a line with the editor that Gogo has made, executes it, shows what came of it.
 * Gogo's own loop, which this takes the place of, shows an exception for each command that is interrupted, gives a prompt while such a
 * command still runs, and knows nothing of what was typed at a program that did not read it.
 *
 * <p>Gogo tells its listeners, in the shell's own thread, that it has executed something, first of all its profile
 * ({@code run/etc/gosh_profile}): there the loop begins. When this component goes, the loop ends with the line that is executed and Gogo's own
 * goes on, until a successor of this takes its place in the same way.
 *
 * <p>Thread-safe: of each session the loop is in one thread; the terminal's signals come in others.
 */
@Component(service = CommandSessionListener.class)
public final class ConsoleShell implements CommandSessionListener {

    /** The session's variable that tells that its loop is one of these. */
    private static final String TAKEN = "spin.console";
    /** Milliseconds that switching the machine off may take. */
    private static final long PATIENCE = 20_000;

    private final Processes processes;
    private final Power power;
    private final boolean wanted;
    private volatile boolean stopped;

    /** Made by Declarative Services. */
    @Activate
    public ConsoleShell(@Reference Processes processes, @Reference Power power, @Reference Boot boot) {
        this.processes = processes;
        this.power = power;
        this.wanted = boot.mode() == Boot.Mode.SHELL;
    }

    @Deactivate
    void stop() {
        stopped = true;
    }

    @Override
    public void beforeExecute(CommandSession session, CharSequence line) {
        // only its end tells that the shell is at its beginning
    }

    @Override
    public void afterExecute(CommandSession session, CharSequence line, Exception exception) {
        afterExecute(session, line, (Object) null);
    }

    @Override
    public void afterExecute(CommandSession session, CharSequence line, Object result) {
        if (!wanted || stopped || Pipe.getCurrentPipe() != null || session.get(TAKEN) != null
                || !(session.get(Shell.VAR_READER) instanceof LineReader reader) || reader.isReading()) {
            return; // within a command, or while the editor completes a word
        }
        session.put(TAKEN, this);
        try {
            new Loop(session, reader).run();
        } finally {
            session.put(TAKEN, null);
        }
    }

    /** The shell of one session. */
    private final class Loop {

        private final CommandSession session;
        private final LineReader reader;
        private final Terminal terminal;
        private final Jobs jobs;
        private volatile boolean interrupted;

        Loop(CommandSession session, LineReader reader) {
            this.session = session;
            this.reader = reader;
            this.terminal = reader.getTerminal();
            this.jobs = Jobs.of(session);
        }

        void run() {
            session.setJobListener(this::changed);
            Terminal.SignalHandler interrupts = terminal.handle(Terminal.Signal.INT, signal -> interrupt());
            Terminal.SignalHandler stops = terminal.handle(Terminal.Signal.TSTP, signal -> suspend());
            try {
                while (!stopped) {
                    try {
                        readAndExecute();
                    } catch (UserInterruptException e) {
                        // a new prompt
                    }
                }
            } catch (EndOfFileException e) {
                end();
            } catch (IOError e) {
                System.getLogger(ConsoleShell.class.getName()).log(System.Logger.Level.DEBUG, "the terminal is gone",
                        e);
            } finally {
                terminal.handle(Terminal.Signal.INT, interrupts);
                terminal.handle(Terminal.Signal.TSTP, stops);
            }
        }

        private void readAndExecute() {
            // A line at a time: what is behind it may be for a program that the line starts.
            String ahead = new String(processes.takeLine(), StandardCharsets.UTF_8);
            if (!ahead.isEmpty()) {
                reader.runMacro(ahead);
            }
            reader.readLine(Shell.getPrompt(session), Shell.getRPrompt(session), (Character) null, null);
            ParsedLine line = reader.getParsedLine();
            if (line == null) {
                throw new EndOfFileException();
            }
            if (Thread.interrupted()) {
                return; // Ctrl-C, when the line had been entered but not begun
            }
            interrupted = false;
            jobs.begin();
            execute(((ParsedLineImpl) line).program());
            await();
        }

        private void execute(Parser.Program program) {
            try {
                Object result = null;
                for (Parser.Program statement : Statements.of(program)) {
                    if (jobs.interrupted()) {
                        return; // Ctrl-C was meant for all of the line
                    }
                    result = session.execute(statement);
                }
                session.put(Shell.VAR_RESULT, result);
                if (result != null && !Boolean.FALSE.equals(session.get(".Gogo.format"))) {
                    session.getConsole().println(session.format(result, Converter.INSPECT));
                }
            } catch (Exception e) {
                session.put(Shell.VAR_EXCEPTION, e);
                if (e instanceof InterruptedException || e instanceof CancellationException) {
                    if (!interrupted) {
                        interrupt(); // the editor has interrupted this thread when it had a line already: that is for the command
                    }
                    terminal.writer().println();
                } else {
                    var text = new AttributedStringBuilder();
                    text.style(text.style().foreground(AttributedStyle.RED)).append(e.toString());
                    text.style(text.style().foregroundDefault());
                    terminal.writer().println(text.toAnsi(terminal));
                }
                terminal.flush();
            }
        }

        /** What was interrupted may still be ending; and a job that went on in the background may have come back. */
        private void await() {
            while (true) {
                try {
                    awaitJobs();
                    return;
                } catch (InterruptedException e) {
                    interrupt();
                }
            }
        }

        private void awaitJobs() throws InterruptedException {
            for (Job job = session.foregroundJob(); job != null; job = session.foregroundJob()) {
                synchronized (job) {
                    if (job.status() == Job.Status.Foreground) {
                        job.wait();
                    }
                }
            }
        }

        /** Ctrl-C, while no program has the terminal for itself. */
        private void interrupt() {
            interrupted = true;
            if (!jobs.interrupt()) {
                Jobs.giveUp(session.foregroundJob());
            }
        }

        private void suspend() {
            Job job = session.foregroundJob();
            if (job != null) {
                job.suspend();
            }
        }

        private void changed(Job job, Job.Status before, Job.Status now) {
            if (!interrupted && (before == Job.Status.Background || now == Job.Status.Background
                    || before == Job.Status.Suspended
                    || now == Job.Status.Suspended)) {
                terminal.writer().println("\r[" + job.id() + "]  " + now.name().toLowerCase(java.util.Locale.ROOT)
                        + "  " + job.command());
                terminal.flush();
                if (reader.isReading()) {
                    reader.callWidget(LineReader.REDRAW_LINE);
                    reader.callWidget(LineReader.REDISPLAY);
                }
            }
        }

        /** The end of the input switches the machine off, which ends Gogo and, by that, interrupts this thread. */
        private void end() {
            try {
                reader.getHistory().save();
            } catch (IOException e) {
                System.getLogger(ConsoleShell.class.getName()).log(System.Logger.Level.DEBUG, "no history", e);
            }
            power.off(0);
            try {
                Thread.sleep(PATIENCE);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
