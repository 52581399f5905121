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

/** A session of Gogo without a line editor. Used by one strand, in which the commands run. */
final class CommandRun implements AutoCloseable {

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

    /**
     * Runs commands and prints their results.
     *
     * @throws Exception of a command; those after it do not run
     */
    void run(String commands) throws Exception {
        for (Parser.Executable command : parse(commands)) {
            // one by one, because Gogo prints the result of the last only, and `lb` is all result
            Object result = session.execute(command);
            if (result != null) {
                out.println(session.format(result, Converter.INSPECT).toString().stripTrailing());
            }
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

    @Override
    public void close() {
        session.close();
        threads.close();
    }
}
