package bundles.unix.provider.process;

import bundles.unix.provider.elf.Source;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;

/** A program file that stays open while its program runs. The monitor guards the channel's position. */
final class FileSource implements Source, Closeable {

    private final SeekableByteChannel channel;

    FileSource(SeekableByteChannel channel) {
        this.channel = channel;
    }

    @Override
    public long size() throws IOException {
        return channel.size();
    }

    @Override
    public synchronized int read(long position, byte[] to, int offset, int length) throws IOException {
        var buffer = ByteBuffer.wrap(to, offset, length);
        while (buffer.hasRemaining()) {
            long at = position + buffer.position() - offset;
            int got;
            if (channel instanceof FileChannel file) {
                got = file.read(buffer, at);
            } else {
                got = channel.position(at).read(buffer);
            }
            if (got < 0) {
                break;
            }
        }
        return buffer.position() - offset;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
