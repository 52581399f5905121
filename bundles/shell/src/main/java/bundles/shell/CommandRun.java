package bundles.shell;

import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import org.apache.felix.gogo.runtime.Parser;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Converter;
import org.apache.felix.service.threadio.ThreadIO;

/** A session of Gogo without a line editor. Used by one strand, which waits for the commands; {@link #interrupt} is for others. */
final class CommandRun implements AutoCloseable {

    /** The variable that holds the {@link kernel.core.machine.Session} of who asks from outside, if it is such a one. */
    static final String ASKER = "spin.session";

    private final CommandSession session;
    private final ThreadIO threads;
    private final PrintStream out;

    /** @param directory against which the commands resolve path names */
    CommandRun(CommandProcessor processor, ThreadIO threads, Path directory, InputStream in, PrintStream out,
            PrintStream err) {
        this.session = processor.createSession(in, out, err);
        this.threads = threads;
        this.out = out;
        // some commands print on System.out: it is this session's while it executes
        threads.setStreams(in, out, err);
        session.currentDir(directory);
        // where a command is looked for, the kernel's own first
        session.put("SCOPE", "spin:felix:gogo:scr:*");
    }

    /** Says who asks: programs in the foreground get his terminal. */
    void setAsker(kernel.core.machine.Session asker) {
        session.put(ASKER, asker);
    }

    /**
     * Runs commands and prints their results.
     *
     * @throws Exception of a command; those after it do not run
     * @throws InterruptedException programs of a command died of an interrupt; those after it do not run
     */
    void run(String commands) throws Exception {
        Jobs jobs = Jobs.of(session);
        jobs.begin();
        for (Parser.Program command : parse(commands)) {
            if (jobs.interrupted()) {
                throw new InterruptedException("interrupted");
            }
            // statement by statement, because Gogo prints the result of the last only, and `lb` is all result
            Object result = session.execute(command);
            if (result != null) {
                out.println(session.format(result, Converter.INSPECT).toString().stripTrailing());
            }
        }
    }

    /**
     * Ends the command that runs, as Ctrl-C does: interrupts the programs in its foreground, or the command itself if it has none. Any
     * strand.
     *
     * @return whether one runs
     */
    boolean interrupt() {
        return Jobs.of(session).interrupt() || giveUp();
    }

    /** Gives the command up that runs: nobody is there any more who would get what it does. Any strand. @return whether one runs */
    boolean giveUp() {
        return Jobs.giveUp(session.foregroundJob());
    }

    /** Sends a signal to the programs in the foreground, as their terminal does. Any strand. @return whether there are such */
    boolean tell(int signal) {
        return Jobs.of(session).tell(signal);
    }

    private static List<Parser.Program> parse(String commands) throws Failure {
        try {
            return Statements.of(new Parser(commands).program());
        } catch (RuntimeException e) { // of several kinds, none of them exported by Gogo
            throw new Failure("the commands cannot be read (" + e.getMessage()
                    + "): is a closing quote, bracket or brace missing?");
        }
    }

    @Override
    public void close() {
        session.close();
        threads.close();
    }
}
