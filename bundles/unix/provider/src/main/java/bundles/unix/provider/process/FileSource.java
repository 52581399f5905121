package bundles.unix.provider.process;

import bundles.unix.provider.elf.Source;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;

/** The bytes of a program file. The monitor guards the channel's position. */
final class FileSource implements Source {

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

    /** Closes the file; a read that is under way ends before, and later ones fail. */
    synchronized void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // It was only read.
        }
    }
}
