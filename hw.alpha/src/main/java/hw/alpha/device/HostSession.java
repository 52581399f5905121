package hw.alpha.device;

import hw.alpha.host.Libc;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import kernel.core.machine.Boot;
import kernel.core.machine.Channel;
import kernel.core.machine.HostText;
import kernel.core.machine.Session;

/**
 * A request of another process of the same user. What it asks for stands in the host's table of processes. The monitor
 * guards what changes: the listener, the signals that nobody was told of, and whether it has ended.
 *
 * <p>The process's command line is {@code java ... run.launcher.Client SOCKET LC_ALL WORDS...}, where LC_ALL is
 * {@code LC_ALL=...} as the user has it or "-".
 */
final class HostSession implements Session {

    /** The host's number. */
    private static final int SIGSTOP = 19;
    private static final String CLIENT = "run.launcher.Client";

    private final List<String> words;
    private final List<String> environment;
    private final String directory;
    private final int umask;
    private final HostChannel[] channels;
    /** The asker's process, or 0. */
    private final int process;
    /** Null if the machine itself asks, or who started it. */
    private final Wire wire;
    private final List<String> early = new ArrayList<>();
    private Consumer<String> listener;
    private boolean ended;

    /** The way back to the asker. */
    interface Wire {
        /** Tells the status and hangs up. */
        void end(int status);
    }

    private HostSession(List<String> words, List<String> environment, String directory, int umask,
            HostChannel[] channels, int process, Wire wire) {
        this.process = process;
        this.words = words;
        this.environment = environment;
        this.directory = directory;
        this.umask = umask;
        this.channels = channels;
        this.wire = wire;
    }

    /**
     * The request of a process.
     *
     * @param process its host id
     * @param channels its standard streams, which are closed at the end
     * @throws IOException it is gone, or is no client
     */
    static HostSession of(int process, HostChannel[] channels, Wire wire) throws IOException {
        Path entry = Path.of("/proc/" + process);
        List<String> command = strings(entry.resolve("cmdline"));
        int at = command.indexOf(CLIENT);
        if (at < 0 || command.size() < at + 4) {
            throw new IOException("process " + process + " is no client of this kernel");
        }
        String locale = command.get(at + 2);
        Stream<String> others = strings(entry.resolve("environ")).stream()
                .filter(one -> !one.isEmpty() && !one.startsWith("LC_ALL="));
        List<String> environment = (locale.equals("-") ? others : Stream.concat(others, Stream.of(locale))).toList();
        return new HostSession(List.copyOf(command.subList(at + 3, command.size())), environment,
                Files.readSymbolicLink(entry.resolve("cwd")).toString(), umask(entry), channels, process,
                wire);
    }

    /** A request that the machine makes itself, with its own streams. */
    static HostSession own(List<String> words, HostChannel[] channels) {
        return new HostSession(words, List.of(), "/", 077, channels, 0, null);
    }

    /** What whoever started this machine lends it, to run one program. @param channels his streams, which stay open at the end */
    static HostSession starter(Boot boot, HostChannel[] channels) throws IOException {
        return new HostSession(boot.arguments(), boot.environment(), boot.directory(), umask(Path.of("/proc/self")),
                channels, (int) ProcessHandle.current().pid(), null);
    }

    /** Strings that each end with a zero byte. */
    private static List<String> strings(Path file) throws IOException {
        byte[] all = Files.readAllBytes(file);
        List<String> strings = new ArrayList<>();
        ByteArrayOutputStream one = new ByteArrayOutputStream();
        for (byte b : all) {
            if (b == 0) {
                strings.add(HostText.text(one.toByteArray()));
                one.reset();
            } else {
                one.write(b);
            }
        }
        return strings;
    }

    private static int umask(Path entry) throws IOException {
        for (String line : Files.readAllLines(entry.resolve("status"), StandardCharsets.ISO_8859_1)) {
            if (line.startsWith("Umask:")) {
                return Integer.parseInt(line.substring("Umask:".length()).strip(), 8) & 0777;
            }
        }
        return 022;
    }

    @Override
    public List<String> words() {
        return words;
    }

    @Override
    public List<String> environment() {
        return environment;
    }

    @Override
    public String directory() {
        return directory;
    }

    @Override
    public int umask() {
        return umask;
    }

    @Override
    public Channel channel(int number) {
        return channels[number];
    }

    /** The asker got a signal, or is gone. */
    void signal(String name) {
        Consumer<String> told;
        synchronized (this) {
            told = listener;
            if (told == null) {
                early.add(name);
            }
        }
        if (told != null) {
            told.accept(name);
        }
    }

    @Override
    public void listen(Consumer<String> newListener) {
        List<String> missed;
        synchronized (this) {
            listener = newListener;
            missed = List.copyOf(early);
            early.clear();
        }
        missed.forEach(newListener);
    }

    @Override
    public void suspend() {
        if (process > 0) {
            try {
                new Libc("kill").call(process, SIGSTOP, 0);
            } catch (Libc.Failed e) {
                // He is gone, or has become somebody else: then nobody is to be stopped.
            }
        }
    }

    @Override
    public void end(int status) {
        synchronized (this) {
            if (ended) {
                return;
            }
            ended = true;
        }
        if (wire == null) {
            return; // the machine keeps its streams
        }
        // First, so that who reads the asker's output sees its end as soon as he is gone.
        Arrays.stream(channels).forEach(HostChannel::close);
        wire.end(status);
    }
}
