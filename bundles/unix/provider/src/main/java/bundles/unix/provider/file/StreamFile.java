package bundles.unix.provider.file;

import bundles.unix.provider.abi.ErrnoException;
import bundles.unix.provider.abi.OpenFlags;
import bundles.unix.provider.abi.Waiter;
import java.io.IOException;
import java.io.OutputStream;

/** Output to a stream of somebody's in the kernel; to a program it is the writing end of a pipe. */
public final class StreamFile extends OpenFile {

    private final OutputStream stream;

    /** @param stream where output goes; flushed after each write, closed with the last reference */
    public StreamFile(OutputStream stream) {
        super(OpenFlags.O_WRONLY);
        this.stream = stream;
    }

    @Override
    public FileStatus status() {
        return FileStatus.ofSpecial(FileStatus.S_IFIFO | 0600, 0, System.identityHashCode(stream) & 0xFFFFFFFFL);
    }

    @Override
    public int write(Waiter waiter, byte[] from, int offset, int length) throws IOException, ErrnoException {
        stream.write(from, offset, length);
        stream.flush();
        return length;
    }

    @Override
    protected void close() throws IOException {
        stream.close();
    }
}
