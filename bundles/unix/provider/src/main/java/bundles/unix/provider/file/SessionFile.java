package bundles.unix.provider.file;

import bundles.unix.provider.abi.Errno;
import bundles.unix.provider.abi.ErrnoException;
import bundles.unix.provider.abi.OpenFlags;
import bundles.unix.provider.abi.Waiter;
import java.io.IOException;
import java.nio.file.FileSystem;
import kernel.core.machine.Channel;
import kernel.core.machine.Console;

/** A stream that somebody outside lent: position, mode and settings are his as well. */
public final class SessionFile extends OpenFile implements Terminal {

    private final Channel channel;
    private final FileSystem files;
    private final boolean terminal;
    private final boolean regular;

    /**
     * @param channel the stream; whoever lent it takes it back
     * @param files the host's
     */
    public SessionFile(Channel channel, FileSystem files) {
        super((channel.readable()
                ? channel.writable() ? OpenFlags.O_RDWR : OpenFlags.O_RDONLY
                : OpenFlags.O_WRONLY) | (channel.appending() ? OpenFlags.O_APPEND : 0));
        this.channel = channel;
        this.files = files;
        this.terminal = channel.kind() == Console.Kind.TERMINAL;
        this.regular = channel.kind() == Console.Kind.FILE;
    }

    @Override
    public int events() {
        try {
            return Events.of(channel.readable() && channel.inputReady(), channel.writable() && channel.outputReady());
        } catch (IOException e) {
            return Events.ERROR;
        }
    }

    @Override
    public boolean announces() {
        return regular;
    }

    @Override
    public FileStatus status() throws IOException {
        return HostFiles.status(files.getPath(channel.path()), true);
    }

    @Override
    public int read(Waiter waiter, byte[] to, int offset, int length) throws IOException, ErrnoException {
        need(OpenFlags.O_RDONLY);
        if (length == 0) {
            return 0;
        }
        if (channel.inputReady()) {
            return channel.read(to, offset, length); // also when a signal is pending: only waiting is interrupted
        }
        if ((flags() & OpenFlags.O_NONBLOCK) != 0) {
            throw Errno.EAGAIN.exception();
        }
        return waiter.await(() -> channel.read(to, offset, length));
    }

    /** Writes all, as a stream that waits does; what a signal cuts short has been written in part. */
    @Override
    public int write(Waiter waiter, byte[] from, int offset, int length) throws IOException, ErrnoException {
        need(OpenFlags.O_WRONLY);
        int total = 0;
        while (total < length) {
            int done = total;
            try {
                if (channel.outputReady()) {
                    total += channel.write(from, offset + done, length - done);
                } else if ((flags() & OpenFlags.O_NONBLOCK) != 0) {
                    throw Errno.EAGAIN.exception();
                } else {
                    total += waiter.await(() -> channel.write(from, offset + done, length - done));
                }
            } catch (ErrnoException | IOException e) {
                if (total == 0) {
                    throw e;
                }
                break; // the next call gets the error
            }
        }
        return total;
    }

    @Override
    public int readAt(long position, byte[] to, int offset, int length) throws IOException, ErrnoException {
        needFile();
        need(OpenFlags.O_RDONLY);
        return channel.readAt(position, to, offset, length);
    }

    @Override
    public int writeAt(long position, byte[] from, int offset, int length) throws IOException, ErrnoException {
        needFile();
        need(OpenFlags.O_WRONLY);
        return channel.writeAt(position, from, offset, length);
    }

    @Override
    public long seek(long offset, int whence) throws IOException, ErrnoException {
        needFile();
        if (whence < SEEK_SET || whence > SEEK_END) {
            throw Errno.EINVAL.exception();
        }
        return channel.seek(offset, whence);
    }

    @Override
    public void truncate(long size) throws IOException, ErrnoException {
        if (!regular || !channel.writable() || size < 0) {
            throw Errno.EINVAL.exception();
        }
        channel.truncate(size);
    }

    @Override
    public void force() throws IOException, ErrnoException {
        if (!regular) {
            throw Errno.EINVAL.exception();
        }
        channel.force();
    }

    private void needFile() throws ErrnoException {
        if (!regular) {
            throw Errno.ESPIPE.exception();
        }
    }

    @Override
    public boolean isTerminal() {
        return terminal;
    }

    @Override
    public Terminal terminal() throws ErrnoException {
        if (!terminal) {
            throw Errno.ENOTTY.exception();
        }
        return this;
    }

    @Override
    public byte[] termios() throws IOException {
        return TerminalFlags.toAlpha(channel.settings());
    }

    @Override
    public void setTermios(byte[] settings, int when) throws IOException {
        channel.setSettings(TerminalFlags.toHost(settings), when);
    }

    @Override
    public int available() throws IOException {
        return channel.available();
    }

    @Override
    public int columns() {
        return channel.columns();
    }

    @Override
    public int rows() {
        return channel.rows();
    }
}
