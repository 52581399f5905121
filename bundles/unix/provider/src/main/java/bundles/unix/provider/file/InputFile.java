package bundles.unix.provider.file;

import bundles.unix.provider.abi.ErrnoException;
import bundles.unix.provider.abi.OpenFlags;
import bundles.unix.provider.abi.Waiter;
import java.io.IOException;
import java.io.InputStream;

/** Input from a stream of somebody's in the kernel; to a program it is the reading end of a pipe. */
public final class InputFile extends OpenFile {

    private final InputStream stream;

    /** @param stream where input comes from; closed with the last reference */
    public InputFile(InputStream stream) {
        super(OpenFlags.O_RDONLY);
        this.stream = stream;
    }

    @Override
    public FileStatus status() {
        return FileStatus.ofSpecial(FileStatus.S_IFIFO | 0600, 0, System.identityHashCode(stream) & 0xFFFFFFFFL);
    }

    @Override
    public int read(Waiter waiter, byte[] to, int offset, int length) throws IOException, ErrnoException {
        return length == 0 ? 0 : Math.max(0, waiter.await(() -> stream.read(to, offset, length)));
    }

    @Override
    protected void close() throws IOException {
        stream.close();
    }
}
