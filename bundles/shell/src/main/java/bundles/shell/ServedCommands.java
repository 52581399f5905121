package bundles.shell;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import kernel.core.machine.Channel;
import kernel.core.machine.Console;
import kernel.core.machine.Session;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.threadio.ThreadIO;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * The shell of a resident kernel, {@code run/spin shell}: commands from the asker's standard input, a line at a time, or those
 * of {@code -c}. Thread-safe: each session belongs to the strand that serves it.
 */
@Component(service = ServedCommands.class)
public final class ServedCommands {

    /** As shells have it: 128 and the signal. */
    private static final int INTERRUPTED = 130;
    private static final int SIGHUP = 1;

    private final CommandProcessor processor;
    private final ThreadIO threads;
    private final FileSystem files;

    /** Made by Declarative Services. */
    @Activate
    public ServedCommands(@Reference CommandProcessor processor, @Reference ThreadIO threads,
            @Reference(target = "(spin.filesystem=host)") FileSystem files) {
        this.processor = processor;
        this.threads = threads;
        this.files = files;
    }

    /** The asker's input, byte by byte, so that a command finds what comes after its line. */
    private static final class Input extends InputStream {
        private final Channel channel;

        Input(Channel channel) {
            this.channel = channel;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return channel.read(one, 0, 1) == 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] to, int offset, int length) throws IOException {
            int count = length == 0 ? 0 : channel.read(to, offset, length);
            return length != 0 && count == 0 ? -1 : count;
        }
    }

    private static final class Output extends OutputStream {
        private final Channel channel;

        Output(Channel channel) {
            this.channel = channel;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[]{(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            for (int done = 0; done < length;) {
                done += channel.write(bytes, offset + done, length - done);
            }
        }
    }

    /**
     * Runs commands until the asker's input ends, or he goes. His interrupts end the command that runs.
     *
     * @param words {@code -c} and commands, or nothing
     * @return 0; 1 if the last command failed, 130 if it was interrupted; 2 for other words
     */
    int serve(Session session, List<String> words) {
        Input in = new Input(session.channel(Console.INPUT));
        PrintStream out = new PrintStream(new Output(session.channel(Console.OUTPUT)), true, StandardCharsets.UTF_8);
        PrintStream err = new PrintStream(new Output(session.channel(Console.ERROR)), true, StandardCharsets.UTF_8);
        boolean given = words.size() == 2 && words.getFirst().equals("-c");
        if (!given && !words.isEmpty()) {
            err.println("run/spin shell: wants nothing, or -c and commands: run/spin shell -c 'lb; ps'");
            return 2;
        }
        AtomicBoolean gone = new AtomicBoolean();
        Thread own = Thread.currentThread();
        try (CommandRun commands = new CommandRun(processor, threads, files.getPath(session.directory()), in, out,
                err)) {
            commands.setAsker(session);
            session.listen(signal -> {
                switch (signal) {
                    case "INT" -> interrupt(commands.interrupt(), own);
                    case "QUIT" -> interrupt(commands.tell(Signals.number(signal)) || commands.interrupt(), own);
                    case "KILL", "TERM", "HUP" -> {
                        gone.set(true);
                        commands.tell(SIGHUP);
                        interrupt(commands.giveUp(), own);
                    }
                    case "TSTP", "WINCH" -> commands.tell(Signals.number(signal));
                    default -> {
                        // concerns no command
                    }
                }
            });
            return given ? run(commands, words.getLast(), err) : converse(session, commands, in, out, err, gone);
        } finally {
            Thread.interrupted();
        }
    }

    /** If nobody else was: the reading of the next command is. */
    private static void interrupt(boolean done, Thread reader) {
        if (!done) {
            reader.interrupt();
        }
    }

    private static int converse(Session session, CommandRun commands, Input in, PrintStream out, PrintStream err,
            AtomicBoolean gone) {
        boolean prompt = session.channel(Console.INPUT).kind() == Console.Kind.TERMINAL;
        int status = 0;
        while (!gone.get()) {
            try {
                if (prompt) {
                    out.print("spin> ");
                    out.flush();
                }
                String line = line(in);
                if (line == null) {
                    break;
                }
                status = line.isBlank() ? status : run(commands, line, err);
            } catch (InterruptedIOException e) {
                out.println();
            } catch (IOException e) {
                err.println("run/spin shell: the input cannot be read: " + e.getMessage());
                return 1;
            }
        }
        if (prompt && !gone.get()) {
            out.println();
        }
        return status;
    }

    private static int run(CommandRun commands, String text, PrintStream err) {
        try {
            commands.run(text);
            return 0;
        } catch (InterruptedException e) {
            err.println(); // whoever interrupts a command knows why it ended
            return INTERRUPTED;
        } catch (Exception e) {
            err.println("run/spin shell: " + Failure.describe(e));
            return 1;
        }
    }

    /** The next line without its end, or null at the end of the input. */
    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int b = in.read();
        while (b >= 0 && b != '\n') {
            line.write(b);
            b = in.read();
        }
        return b < 0 && line.size() == 0 ? null : line.toString(StandardCharsets.UTF_8);
    }
}
