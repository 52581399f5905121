package bundles.unix.provider.file;

import bundles.unix.provider.abi.ErrnoException;
import bundles.unix.provider.abi.Waiter;
import java.io.IOException;

/** A pipe that has a name in a folder (fifo(7)). Thread-safe: holds a {@link Pipe} and nothing else. */
public final class Fifo {

    private final Pipe pipe = new Pipe();

    /** One that nobody has opened. */
    public Fifo() {}

    /**
     * Opens it, waiting for the other end unless it is not to.
     *
     * @param flags of open(2)
     * @param status what stat(2) says of it
     */
    public OpenFile open(Waiter waiter, int flags, FileStatus status) throws ErrnoException, IOException {
        return pipe.open(waiter, flags, status);
    }
}
