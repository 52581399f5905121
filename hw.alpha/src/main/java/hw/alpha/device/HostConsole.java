package hw.alpha.device;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.FileChannel;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;
import kernel.core.dispatch.Binding;
import kernel.core.machine.Boot;
import kernel.core.machine.Console;
import kernel.core.machine.ConsoleInput;
import kernel.core.machine.ConsoleSignal;
import kernel.core.machine.Session;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/**
 * The console line on the host's standard streams, unbuffered. When the machine was started to run one program, the host's
 * signals are raised as {@link ConsoleSignal}. Thread-safe.
 */
@Component(service = Console.class, immediate = true)
public final class HostConsole implements Console {

    private static final String STUB = "(" + Binding.ROLE + "=" + Binding.STUB + ")";
    private static final String[] SIGNALS = {"INT", "TERM", "HUP", "USR1", "USR2", "WINCH", "TSTP", "CONT", "ALRM"};

    /** Something to do with a file's channel. */
    interface ChannelTask {
        long run(FileChannel channel) throws IOException;
    }

    private final ConsoleInput event;
    private final HostSignals signals;
    private final FileInputStream in = new FileInputStream(FileDescriptor.in);
    private final FileOutputStream out = new FileOutputStream(FileDescriptor.out);
    private final FileOutputStream err = new FileOutputStream(FileDescriptor.err);
    private final Kind[] kinds = {HostStream.kind(INPUT), HostStream.kind(OUTPUT), HostStream.kind(ERROR)};
    private final Receiver receiver = new Receiver(in);
    /** Keeps pieces of input in order while they are announced. */
    private final ReentrantLock receiving = new ReentrantLock();
    /** The shell's line editor, or who started the machine, reads the same terminal. */
    private final boolean shared;
    private final HostTerminal terminal = new HostTerminal();
    /** How often the terminal was given back. */
    private final AtomicLong turns = new AtomicLong();
    private final int columns;
    private final int rows;
    /** Of who started the machine, or null. */
    private final HostSession session;

    /** As a component. */
    @Activate
    public HostConsole(BundleContext context, @Reference(target = STUB) ConsoleInput input,
            @Reference(target = STUB) ConsoleSignal signal) {
        this(context::getProperty, input, signal);
    }

    /**
     * Outside a framework.
     *
     * @param properties answers a framework property's value, or null: {@code spin.rows}, {@code spin.columns} and those of
     *            {@link Firmware}
     */
    HostConsole(UnaryOperator<String> properties, ConsoleInput input, ConsoleSignal signal) {
        event = input;
        columns = size(properties.apply("spin.columns"), System.getenv("COLUMNS"), 80);
        rows = size(properties.apply("spin.rows"), System.getenv("LINES"), 24);
        Boot boot = Firmware.boot(properties);
        Boot.Mode mode = boot.mode();
        session = mode == Boot.Mode.EXEC && kinds[INPUT] == Kind.TERMINAL ? starter(boot) : null;
        signals = new HostSignals(session == null ? signal::signal : session::signal);
        shared = (mode == Boot.Mode.SHELL || mode == Boot.Mode.COMMANDS) && kinds[INPUT] == Kind.TERMINAL;
        if (mode == Boot.Mode.EXEC) {
            signals.listen(SIGNALS);
        }
    }

    /** Gives the host's signals and terminal back and ends waiting for input. */
    @Deactivate
    void close() {
        try {
            setRaw(false);
        } catch (IOException e) {
            System.getLogger("hw.alpha").log(System.Logger.Level.DEBUG, "the terminal is gone", e);
        }
        signals.close();
        receiver.close();
    }

    /** Null where the host is none whose streams can be lent. */
    private static HostSession starter(Boot boot) {
        if (!System.getProperty("os.name").equals("Linux")) {
            return null;
        }
        try {
            int self = (int) ProcessHandle.current().pid();
            HostSession made = HostSession.starter(boot, new HostChannel[]{new HostChannel(INPUT, self),
                    new HostChannel(OUTPUT, self), new HostChannel(ERROR, self)});
            QuitSignal.listen(() -> made.signal("QUIT"));
            return made;
        } catch (IOException | RuntimeException e) {
            System.getLogger("hw.alpha").log(System.Logger.Level.DEBUG, "the streams cannot be lent", e);
            return null;
        }
    }

    @Override
    public Session session() {
        return session;
    }

    private static int size(String property, String environment, int otherwise) {
        String text = property != null ? property : environment;
        if (text != null && text.strip().matches("[1-9][0-9]{0,5}")) {
            return Integer.parseInt(text.strip());
        }
        return otherwise;
    }

    @Override
    public Kind kind(int channel) {
        return kinds[channel];
    }

    @Override
    public int receive(int limit) throws IOException {
        if (limit < 1) {
            throw new IllegalArgumentException("limit " + limit);
        }
        try {
            receiving.lockInterruptibly();
        } catch (InterruptedException e) {
            throw new InterruptedIOException("interrupted while waiting for input");
        }
        try {
            byte[] bytes;
            if (shared) {
                return receiveShared(limit);
            } else if (kinds[INPUT] == Kind.FILE) {
                // Never waits, and must not be read by a thread of its own when its position is changed meanwhile.
                bytes = in.readNBytes(Math.min(limit, 1 << 16));
            } else {
                bytes = receiver.receive(limit);
            }
            if (bytes.length > 0) {
                event.input(bytes, bytes.length);
            }
            return bytes.length;
        } finally {
            receiving.unlock();
        }
    }

    /**
     * What comes after the terminal was given back is for who reads it then. What came before is announced before that is done: whoever
     * has given it back finds all of it there.
     */
    private int receiveShared(int limit) throws IOException {
        long before = turns.get();
        HostPoll.await(0);
        synchronized (terminal) {
            if (turns.get() != before) {
                throw new InterruptedIOException("the terminal is somebody else's now");
            }
            byte[] bytes = HostPoll.read(in, limit);
            if (bytes.length > 0) {
                event.input(bytes, bytes.length);
            }
            return bytes.length;
        }
    }

    @Override
    public void setRaw(boolean raw) throws IOException {
        if (!shared) {
            return;
        }
        synchronized (terminal) {
            if (raw && !terminal.raw()) {
                terminal.take();
                signals.listen("WINCH");
            } else if (!raw && terminal.raw()) {
                turns.incrementAndGet();
                signals.close();
                terminal.giveBack();
            }
        }
    }

    @Override
    public void send(int channel, byte[] bytes, int offset, int length) throws IOException {
        FileOutputStream stream = switch (channel) {
            case OUTPUT -> out;
            case ERROR -> err;
            default -> throw new IllegalArgumentException("channel " + channel + " is not for output");
        };
        synchronized (stream) {
            stream.write(bytes, offset, length);
        }
    }

    @Override
    public long position(int channel) throws IOException {
        return inFile(channel, FileChannel::position);
    }

    @Override
    public void setPosition(int channel, long position) throws IOException {
        inFile(channel, file -> {
            file.position(position);
            return 0;
        });
    }

    @Override
    public long size(int channel) throws IOException {
        return inFile(channel, FileChannel::size);
    }

    private long inFile(int channel, ChannelTask task) throws IOException {
        Objects.checkIndex(channel, kinds.length);
        if (kinds[channel] != Kind.FILE) {
            throw new IOException("Illegal seek");
        }
        FileChannel file = channel == INPUT ? in.getChannel() : (channel == OUTPUT ? out : err).getChannel();
        return uninterrupted(file, task);
    }

    /** An interrupt would close the channel, and with it the stream, for good: a thread that nobody knows does it. */
    private static long uninterrupted(FileChannel file, ChannelTask task) throws IOException {
        FutureTask<Long> future = new FutureTask<>(() -> task.run(file));
        Thread.ofVirtual().name("console position").start(future);
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return future.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    throw e.getCause() instanceof IOException cause ? cause : new IOException(e.getCause());
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public int columns() {
        return terminal.columns(columns);
    }

    @Override
    public int rows() {
        return terminal.rows(rows);
    }
}
