package bundles.unix.provider.file;

import bundles.unix.provider.abi.Errno;
import bundles.unix.provider.abi.ErrnoException;
import bundles.unix.provider.abi.OpenFlags;
import bundles.unix.provider.abi.UserMemory;
import bundles.unix.provider.abi.Waiter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import kernel.ext.vm.api.Pager;

/**
 * An open file description (open(2)): what descriptors refer to, of any number of threads and processes. Thread-safe: the
 * flags are volatile, the references atomic, and each kind guards what it has besides. Closes itself with its last reference.
 */
public abstract class OpenFile {

    /** {@link #seek} from the start, the position, the end (lseek(2)). */
    public static final int SEEK_SET = 0, SEEK_CUR = 1, SEEK_END = 2;
    /** {@link #seek} to the next data, the next hole, where the kind of file knows them. */
    public static final int SEEK_DATA = 3, SEEK_HOLE = 4;

    private final AtomicInteger references = new AtomicInteger(1);
    private volatile int flags;
    private final List<Runnable> watchers = new CopyOnWriteArrayList<>();
    private volatile Runnable atClose = () -> {};

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
        references.incrementAndGet();
    }

    /** One more reference, unless the last is gone. @return whether it was not */
    public final boolean retainOpen() {
        return references.getAndUpdate(count -> count == 0 ? 0 : count + 1) > 0;
    }

    /**
     * One reference less; closes with the last.
     *
     * @throws IOException closing failed; the file is closed nevertheless
     */
    public final void release() throws IOException {
        if (references.decrementAndGet() == 0) {
            atClose.run();
            close();
        }
    }

    /** What is to be done with the last reference, besides closing. */
    public final void setAtClose(Runnable action) {
        atClose = action;
    }

    /** What stat(2) says. */
    public abstract FileStatus status() throws IOException, ErrnoException;

    /** Whether device and inode of {@link #identity} are those of no other file while this is open. */
    public boolean identified() {
        return false;
    }

    /** Some status of it, of which only what never changes, device and inode, is right: cheaper, if it was known when it was opened. */
    public FileStatus identity() throws IOException, ErrnoException {
        return status();
    }

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

    /**
     * Reads straight to user memory, as far as that is possible at once.
     *
     * @param position where, or -1: at the file's own position, which is advanced
     * @param length bytes, at least one
     * @return bytes read, if there are no more for now; else less than 0: those that were read, as {@link #unfinished} puts it
     */
    public int readNow(UserMemory memory, long position, long address, int length) {
        return unfinished(0);
    }

    /** What {@link #readNow} answers if there may be more than these bytes, or how many, of such an answer. */
    public static int unfinished(int bytes) {
        return ~bytes;
    }

    /** A pager that reads from here, which may do so ahead of who touches its pages if it is told when the file has changed. */
    public Pager ahead(Pager pager) {
        return pager;
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

    /** Whether it is a terminal. */
    public boolean isTerminal() {
        return false;
    }

    /** The terminal that this is. */
    public Terminal terminal() throws ErrnoException {
        throw Errno.ENOTTY.exception();
    }

    /** Bytes that can be read at once (FIONREAD). */
    public int available() throws IOException, ErrnoException {
        return terminal().available();
    }

    /** Path at which it was opened, or null if it has none. */
    public Path path() {
        return null;
    }

    /** What it is ready for now: bits of {@link Events}. */
    public int events() {
        return Events.IN | Events.READ_NORMAL | Events.OUT | Events.WRITE_NORMAL;
    }

    /** Whether it tells its watchers when {@link #events} changes; if not, who waits for it has to look again and again. */
    public boolean announces() {
        return true;
    }

    /** Something runs from now on whenever {@link #events} may have changed; it must not wait. */
    public final void watch(Runnable watcher) {
        watchers.add(watcher);
    }

    /** Ends what {@link #watch} began. */
    public final void unwatch(Runnable watcher) {
        watchers.remove(watcher);
    }

    /** Tells the watchers. */
    protected final void changed() {
        watchers.forEach(Runnable::run);
    }

    /** Whether the last reference is gone. */
    public final boolean closed() {
        return references.get() <= 0;
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
