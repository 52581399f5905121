package bundles.unix.provider.file;

import bundles.unix.provider.abi.Errno;
import bundles.unix.provider.abi.ErrnoException;
import bundles.unix.provider.abi.OpenFlags;
import bundles.unix.provider.abi.Waiter;
import java.io.IOException;
import java.nio.file.Path;

/**
 * An open file description (open(2)): what descriptors refer to. Belongs to one process, whose strand alone uses it, except
 * that {@link #readAt} may be called by any strand that faults in a page of a mapping. Counts its references and closes itself
 * with the last.
 */
public abstract class OpenFile {

    /** {@link #seek} from the start, the position, the end (lseek(2)). */
    public static final int SEEK_SET = 0, SEEK_CUR = 1, SEEK_END = 2;

    private int references = 1;
    private int flags;

    /** @param flags of open(2): access mode and status flags */
    protected OpenFile(int flags) {
        this.flags = flags;
    }

    /** Access mode and status flags. */
    public final int flags() {
        return flags;
    }

    /** Sets access mode and status flags. */
    public final void setFlags(int newFlags) {
        flags = newFlags;
    }

    /** One more reference. */
    public final void retain() {
        references++;
    }

    /**
     * One reference less; closes with the last.
     *
     * @throws IOException closing failed; the file is closed nevertheless
     */
    public final void release() throws IOException {
        if (--references == 0) {
            close();
        }
    }

    /** What stat(2) says. */
    public abstract FileStatus status() throws IOException, ErrnoException;

    /**
     * Reads at the position and advances it.
     *
     * @return bytes read, 0 at the end
     */
    public int read(Waiter waiter, byte[] to, int offset, int length) throws IOException, ErrnoException {
        throw Errno.EBADF.exception();
    }

    /**
     * Writes at the position and advances it.
     *
     * @return bytes written
     */
    public int write(Waiter waiter, byte[] from, int offset, int length) throws IOException, ErrnoException {
        throw Errno.EBADF.exception();
    }

    /** Reads at a position given; the file's own stays. Any strand. */
    public int readAt(long position, byte[] to, int offset, int length) throws IOException, ErrnoException {
        throw Errno.ESPIPE.exception();
    }

    /** Writes at a position given; the file's own stays. */
    public int writeAt(long position, byte[] from, int offset, int length) throws IOException, ErrnoException {
        throw Errno.ESPIPE.exception();
    }

    /**
     * Moves the position.
     *
     * @return the new one
     */
    public long seek(long offset, int whence) throws IOException, ErrnoException {
        throw Errno.ESPIPE.exception();
    }

    /** Sets the size. */
    public void truncate(long size) throws IOException, ErrnoException {
        throw Errno.EINVAL.exception();
    }

    /** Makes sure that what was written outlives the machine. */
    public void force() throws IOException, ErrnoException {
        throw Errno.EINVAL.exception();
    }

    /** The directory that this is. */
    public Directory directory() throws ErrnoException {
        throw Errno.ENOTDIR.exception();
    }

    /** The terminal that this is. */
    public Terminal terminal() throws ErrnoException {
        throw Errno.ENOTTY.exception();
    }

    /** Path at which it was opened, or null if it has none. */
    public Path path() {
        return null;
    }

    /** Whether a read would not wait, as far as can be known. */
    public boolean readable() {
        return true;
    }

    /** Whether a write would not wait, as far as can be known. */
    public boolean writable() {
        return true;
    }

    /** Frees what it holds. */
    protected void close() throws IOException {}

    /** Checks the access mode. */
    protected final void need(int mode) throws ErrnoException {
        int access = flags & OpenFlags.O_ACCMODE;
        if (access != mode && access != OpenFlags.O_RDWR) {
            throw Errno.EBADF.exception();
        }
    }
}
