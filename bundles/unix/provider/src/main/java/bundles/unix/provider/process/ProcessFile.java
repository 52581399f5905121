package bundles.unix.provider.process;

import bundles.unix.provider.abi.Errno;
import bundles.unix.provider.abi.ErrnoException;
import bundles.unix.provider.abi.OpenFlags;
import bundles.unix.provider.abi.Waiter;
import bundles.unix.provider.file.Events;
import bundles.unix.provider.file.FileStatus;
import bundles.unix.provider.file.OpenFile;

/** A process as a file (pidfd_open(2)): readable when it has ended. It means that process, whoever has its number later. Thread-safe. */
public final class ProcessFile extends OpenFile {

    private final UnixProcess process;
    private final Runnable told = this::changed;

    /**
     * @param process whose
     * @param flags status flags
     */
    public ProcessFile(UnixProcess process, int flags) {
        super(OpenFlags.O_RDWR | flags);
        this.process = process;
        process.endWatchers.add(told);
    }

    /** The process; it may have ended. */
    public UnixProcess process() {
        return process;
    }

    @Override
    public int read(Waiter waiter, byte[] to, int offset, int length) throws ErrnoException {
        throw Errno.EINVAL.exception();
    }

    @Override
    public FileStatus status() {
        return FileStatus.ofSpecial(0600, 0, System.identityHashCode(this) & 0xFFFFFFFFL);
    }

    @Override
    public int events() {
        return Events.of(process.ended(), false);
    }

    @Override
    protected void close() {
        process.endWatchers.remove(told);
    }
}
