package bundles.unix.provider.file;

import bundles.unix.provider.abi.Errno;
import bundles.unix.provider.abi.ErrnoException;
import bundles.unix.provider.abi.OpenFlags;
import bundles.unix.provider.abi.Waiter;
import java.io.IOException;
import kernel.core.machine.Console;

/** One of the console's three channels. What a terminal's channel is not opened for it can do nevertheless, as a tty can. */
public final class ConsoleFile extends OpenFile implements Terminal {

    private final Console console;
    private final ConsoleLine line;
    private final int channel;
    private final Console.Kind kind;

    /**
     * @param console the machine's
     * @param line where input arrives
     * @param channel {@link Console#INPUT}, {@link Console#OUTPUT} or {@link Console#ERROR}
     */
    public ConsoleFile(Console console, ConsoleLine line, int channel) {
        super(console.kind(channel) == Console.Kind.TERMINAL
                ? OpenFlags.O_RDWR
                : channel == Console.INPUT ? OpenFlags.O_RDONLY : OpenFlags.O_WRONLY);
        this.console = console;
        this.line = line;
        this.channel = channel;
        this.kind = console.kind(channel);
    }

    @Override
    public FileStatus status() throws IOException {
        return switch (kind) {
            case TERMINAL -> FileStatus.ofSpecial(FileStatus.S_IFCHR | 0620, 136 << 8, 3);
            case PIPE -> FileStatus.ofSpecial(FileStatus.S_IFIFO | 0600, 0, 100 + channel);
            case FILE ->
                FileStatus.ofSpecial(FileStatus.S_IFREG | 0644, 0, 100 + channel).withSize(console.size(channel));
            case DEVICE -> FileStatus.ofSpecial(FileStatus.S_IFCHR | 0666, 1 << 8 | 3, 100 + channel);
        };
    }

    @Override
    public int read(Waiter waiter, byte[] to, int offset, int length) throws IOException, ErrnoException {
        need(OpenFlags.O_RDONLY);
        if (length == 0) {
            return 0;
        }
        while (true) {
            int taken = line.take(to, offset, length);
            if (taken > 0) {
                return taken;
            }
            if (waiter.await(() -> console.receive(length)) == 0) {
                return 0;
            }
        }
    }

    @Override
    public int write(Waiter waiter, byte[] from, int offset, int length) throws IOException, ErrnoException {
        need(OpenFlags.O_WRONLY);
        console.send(channel == Console.INPUT ? Console.OUTPUT : channel, from, offset, length);
        return length;
    }

    @Override
    public int readAt(long position, byte[] to, int offset, int length) throws IOException, ErrnoException {
        needFile();
        need(OpenFlags.O_RDONLY);
        long before = console.position(channel);
        console.setPosition(channel, position);
        try {
            console.receive(length);
            return line.take(to, offset, length);
        } finally {
            console.setPosition(channel, before);
        }
    }

    @Override
    public int writeAt(long position, byte[] from, int offset, int length) throws IOException, ErrnoException {
        needFile();
        need(OpenFlags.O_WRONLY);
        long before = console.position(channel);
        console.setPosition(channel, position);
        try {
            console.send(channel, from, offset, length);
            return length;
        } finally {
            console.setPosition(channel, before);
        }
    }

    @Override
    public long seek(long offset, int whence) throws IOException, ErrnoException {
        needFile();
        long base = switch (whence) {
            case SEEK_SET -> 0;
            case SEEK_CUR -> console.position(channel);
            case SEEK_END -> console.size(channel);
            default -> throw Errno.EINVAL.exception();
        };
        if (base + offset < 0) {
            throw Errno.EINVAL.exception();
        }
        console.setPosition(channel, base + offset);
        return base + offset;
    }

    private void needFile() throws ErrnoException {
        if (kind != Console.Kind.FILE) {
            throw Errno.ESPIPE.exception();
        }
    }

    @Override
    public boolean isTerminal() {
        return kind == Console.Kind.TERMINAL;
    }

    @Override
    public Terminal terminal() throws ErrnoException {
        if (kind != Console.Kind.TERMINAL) {
            throw Errno.ENOTTY.exception();
        }
        return this;
    }

    @Override
    public byte[] termios() {
        return line.termios();
    }

    /** {@inheritDoc} They are only remembered: the line stays as the host has it. */
    @Override
    public void setTermios(byte[] settings, int when) {
        line.setTermios(settings);
    }

    @Override
    public int available() {
        return line.available();
    }

    @Override
    public int columns() {
        return console.columns();
    }

    @Override
    public int rows() {
        return console.rows();
    }
}
