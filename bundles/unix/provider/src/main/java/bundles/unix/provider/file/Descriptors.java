package bundles.unix.provider.file;

import bundles.unix.provider.abi.Errno;
import bundles.unix.provider.abi.ErrnoException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** A process's table of file descriptors. Belongs to the process's strand; not thread-safe. */
public final class Descriptors {

    private record Entry(OpenFile file, boolean closeOnExec) {}

    private final List<Entry> entries = new ArrayList<>();
    private int limit;

    /** @param limit descriptors are below it (RLIMIT_NOFILE) */
    public Descriptors(int limit) {
        this.limit = limit;
    }

    /** Changes the limit; open descriptors stay. */
    public void setLimit(int newLimit) {
        limit = newLimit;
    }

    /**
     * The file of a descriptor.
     *
     * @throws ErrnoException EBADF
     */
    public OpenFile get(long descriptor) throws ErrnoException {
        return entry(descriptor).file;
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
    public int add(OpenFile file, int lowest, boolean closeOnExec) throws ErrnoException {
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
        if (descriptor < 0 || descriptor >= limit) {
            throw Errno.EBADF.exception();
        }
        int at = (int) descriptor;
        Entry old = at < entries.size() ? entries.get(at) : null;
        file.retain();
        put(at, new Entry(file, closeOnExec));
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
        OpenFile file = entry(descriptor).file;
        entries.set((int) descriptor, null);
        file.release();
    }

    /** The flag FD_CLOEXEC. */
    public boolean closeOnExec(long descriptor) throws ErrnoException {
        return entry(descriptor).closeOnExec;
    }

    /** Sets the flag FD_CLOEXEC. */
    public void setCloseOnExec(long descriptor, boolean on) throws ErrnoException {
        entries.set((int) descriptor, new Entry(entry(descriptor).file, on));
    }

    /** Gives files the descriptors from 0 up, in an empty table; takes over a reference of each. */
    public void open(List<OpenFile> files) {
        files.forEach(file -> entries.add(new Entry(file, false)));
    }

    /** Closes all. */
    public void closeAll() {
        for (int i = 0; i < entries.size(); i++) {
            if (entries.get(i) != null) {
                try {
                    close(i);
                } catch (IOException | ErrnoException e) {
                    // Nobody is left who could be told.
                }
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
