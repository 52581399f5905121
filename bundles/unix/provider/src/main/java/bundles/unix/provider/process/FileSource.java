package bundles.unix.provider.process;

import bundles.unix.provider.elf.Source;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.util.concurrent.atomic.AtomicInteger;

/** A program file that stays open while any process runs its program. The monitor guards the channel's position. */
final class FileSource implements Source {

    private final SeekableByteChannel channel;
    private final AtomicInteger users = new AtomicInteger(1);

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

    /** One more has it. */
    void retain() {
        users.incrementAndGet();
    }

    /** One less has it; closed with the last. */
    void release() {
        if (users.decrementAndGet() == 0) {
            try {
                channel.close();
            } catch (IOException e) {
                // It was only read.
            }
        }
    }
}
