package bundles.unix.provider.file;

import bundles.unix.provider.abi.ErrnoException;
import bundles.unix.provider.abi.OpenFlags;
import bundles.unix.provider.abi.Waiter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Path;

/** An open file of the host that has no position: a FIFO or a device. Its waits cannot be interrupted. */
public final class ChannelFile extends OpenFile {

    private final SeekableByteChannel channel;
    private final Path path;
    private final FileStatus opened;

    /**
     * @param channel open as the flags say
     * @param path where it was opened
     * @param opened its status then
     * @param flags of open(2)
     */
    public ChannelFile(SeekableByteChannel channel, Path path, FileStatus opened, int flags) {
        super(flags);
        this.channel = channel;
        this.path = path;
        this.opened = opened;
    }

    @Override
    public Path path() {
        return path;
    }

    @Override
    public FileStatus status() {
        return opened;
    }

    @Override
    public int read(Waiter waiter, byte[] to, int offset, int length) throws IOException, ErrnoException {
        need(OpenFlags.O_RDONLY);
        return Math.max(0, channel.read(ByteBuffer.wrap(to, offset, length)));
    }

    @Override
    public int write(Waiter waiter, byte[] from, int offset, int length) throws IOException, ErrnoException {
        need(OpenFlags.O_WRONLY);
        return channel.write(ByteBuffer.wrap(from, offset, length));
    }

    @Override
    protected void close() throws IOException {
        channel.close();
    }
}
