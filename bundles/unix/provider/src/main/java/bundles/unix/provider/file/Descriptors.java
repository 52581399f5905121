package bundles.unix.provider.file;

import bundles.unix.provider.abi.Errno;
import bundles.unix.provider.abi.ErrnoException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A table of file descriptors, of one process or of several that share it (clone(2), CLONE_FILES). Thread-safe: the monitor
 * guards the table; files are closed without it, for closing may wait.
 */
public final class Descriptors {

    private record Entry(OpenFile file, boolean closeOnExec) {}

    private final List<Entry> entries = new ArrayList<>();
    private final AtomicInteger users = new AtomicInteger(1);
    private int limit;

    /** @param limit descriptors are below it (RLIMIT_NOFILE) */
    public Descriptors(int limit) {
        this.limit = limit;
    }

    /** One more process has this table. */
    public Descriptors retain() {
        users.incrementAndGet();
        return this;
    }

    /** One process less has this table; the last closes what is open. */
    public void release() {
        if (users.decrementAndGet() == 0) {
            closeAll();
        }
    }

    /** Whether several processes have this table. */
    public boolean shared() {
        return users.get() > 1;
    }

    /** A table of its own for one of those who have this: this one if there is nobody else. */
    public Descriptors unshared() {
        if (!shared()) {
            return this;
        }
        Descriptors copy = copy();
        release();
        return copy;
    }

    /** A table of the same files (fork(2)). */
    public synchronized Descriptors copy() {
        var copy = new Descriptors(limit);
        for (Entry entry : entries) {
            if (entry != null) {
                entry.file.retain();
            }
            copy.entries.add(entry);
        }
        return copy;
    }

    /** The files of the table by descriptor; null where there is none. For people; any of them may be closed meanwhile. */
    public synchronized List<OpenFile> files() {
        List<OpenFile> files = new ArrayList<>();
        entries.forEach(entry -> files.add(entry == null ? null : entry.file));
        return files;
    }

    /** Closes what does not outlive execve(2). */
    public void closeOnExec() {
        for (int at = 0; at < size(); at++) {
            try {
                if (marked(at)) {
                    close(at);
                }
            } catch (IOException | ErrnoException e) {
                // Nobody is left who could be told.
            }
        }
    }

    private synchronized int limit() {
        return limit;
    }

    private synchronized int size() {
        return entries.size();
    }

    private synchronized boolean marked(int at) {
        return entries.get(at) != null && entries.get(at).closeOnExec;
    }

    /** Changes the limit; open descriptors stay. */
    public synchronized void setLimit(int newLimit) {
        limit = newLimit;
    }

    /**
     * The file of a descriptor.
     *
     * @throws ErrnoException EBADF
     */
    public synchronized OpenFile get(long descriptor) throws ErrnoException {
        return entry(descriptor).file;
    }

    /**
     * As {@link #get}, without the monitor: for the strand of the only thread that has this table, which alone changes it.
     *
     * @throws ErrnoException EBADF
     */
    public OpenFile own(long descriptor) throws ErrnoException {
        return entry(descriptor).file;
    }

    /** As {@link #get}, with one more reference, which is the caller's. */
    public synchronized OpenFile hold(long descriptor) throws ErrnoException {
        OpenFile file = entry(descriptor).file;
        file.retain();
        return file;
    }

    /**
     * Gives a file the lowest free descriptor; the table takes over one reference.
     *
     * @throws ErrnoException EMFILE; the reference is still the caller's
     */
    public int add(OpenFile file, boolean closeOnExec) throws ErrnoException {
        return add(file, 0, closeOnExec);
    }

    /** As {@link #add(OpenFile, boolean)}, with a lowest descriptor. */
    public synchronized int add(OpenFile file, int lowest, boolean closeOnExec) throws ErrnoException {
        int at = lowest;
        while (at < entries.size() && entries.get(at) != null) {
            at++;
        }
        if (at >= limit) {
            throw Errno.EMFILE.exception();
        }
        put(at, new Entry(file, closeOnExec));
        return at;
    }

    /**
     * Makes a descriptor refer to a file, closing what it was before; adds a reference.
     *
     * @throws ErrnoException EBADF: outside the limit
     */
    public void replace(long descriptor, OpenFile file, boolean closeOnExec) throws ErrnoException {
        if (descriptor < 0 || descriptor >= limit()) {
            throw Errno.EBADF.exception();
        }
        Entry old;
        synchronized (this) {
            int at = (int) descriptor;
            old = at < entries.size() ? entries.get(at) : null;
            file.retain();
            put(at, new Entry(file, closeOnExec));
        }
        if (old != null) {
            try {
                old.file.release();
            } catch (IOException e) {
                // dup2(2): errors of the implied close are not reported.
            }
        }
    }

    /** Closes a descriptor. */
    public void close(long descriptor) throws IOException, ErrnoException {
        OpenFile file;
        synchronized (this) {
            file = entry(descriptor).file;
            entries.set((int) descriptor, null);
        }
        file.release();
    }

    /** The flag FD_CLOEXEC. */
    public synchronized boolean closeOnExec(long descriptor) throws ErrnoException {
        return entry(descriptor).closeOnExec;
    }

    /** Sets the flag FD_CLOEXEC. */
    public synchronized void setCloseOnExec(long descriptor, boolean on) throws ErrnoException {
        entries.set((int) descriptor, new Entry(entry(descriptor).file, on));
    }

    /** Gives files the descriptors from 0 up, in an empty table; takes over a reference of each. */
    public synchronized void open(List<OpenFile> files) {
        files.forEach(file -> entries.add(new Entry(file, false)));
    }

    /** Closes all. */
    private void closeAll() {
        for (int at = 0; at < size(); at++) {
            try {
                close(at);
            } catch (IOException | ErrnoException e) {
                // It was not open, or nobody is left who could be told.
            }
        }
    }

    private Entry entry(long descriptor) throws ErrnoException {
        // Descriptors are 32-bit numbers in longs; whatever is above them is not one.
        if (descriptor < 0 || descriptor >= entries.size() || entries.get((int) descriptor) == null) {
            throw Errno.EBADF.exception();
        }
        return entries.get((int) descriptor);
    }

    private void put(int at, Entry entry) {
        while (entries.size() <= at) {
            entries.add(null);
        }
        entries.set(at, entry);
    }
}
