package bundles.unix.provider.process;

import bundles.unix.provider.file.FileStatus;
import bundles.unix.provider.file.HostFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import kernel.core.machine.FileOpener;
import kernel.ext.vm.api.AddressSpaces;

/**
 * The program files that run, and the last ones that ran. A file is known by its place on its device, its size and the times of its
 * last changes, and never by when it was asked for, so that a repeated run finds the same; one that a program opens for
 * writing is forgotten at once, because times of files are coarse.
 *
 * <p>Concurrency: the monitor guards the tables and the counts of users; files are opened and closed with it held.
 */
public final class ProgramFiles {

    /** Files that nobody runs any more and that are kept. */
    private static final int IDLE = 24;

    /** What makes a file the same file as before. */
    record Key(long device, long inode, long size, long modified, long changed) {

        static Key of(FileStatus status) {
            return new Key(status.device(), status.inode(), status.size(), status.modified(), status.changed());
        }
    }

    private final AddressSpaces spaces;
    private final FileOpener opener;
    private final Map<Key, ProgramFile> known = new LinkedHashMap<>();
    /** Of these, those without users, the longest idle first. */
    private final Map<Key, ProgramFile> idle = new LinkedHashMap<>();
    private boolean closed;

    /** @param opener how files are opened: they are shared, so what ends the strand of one who reads them must not close them */
    ProgramFiles(AddressSpaces spaces, FileOpener opener) {
        this.spaces = spaces;
        this.opener = opener;
    }

    /** Opens a file, unless it is open; the caller is one more who has it. */
    synchronized ProgramFile open(Path file) throws IOException {
        Key key = Key.of(HostFiles.status(file, true));
        ProgramFile found = known.get(key);
        if (found != null) {
            found.users++;
            idle.remove(key);
            return found;
        }
        found = new ProgramFile(this, key, spaces, opener.open(file, Set.of(StandardOpenOption.READ)));
        known.put(key, found);
        return found;
    }

    synchronized void retain(ProgramFile file) {
        file.users++;
    }

    synchronized void release(ProgramFile file) {
        if (--file.users > 0) {
            return;
        }
        if (closed || known.get(file.key) != file) {
            file.close();
            return;
        }
        idle.put(file.key, file);
        if (idle.size() > IDLE) {
            drop(idle.values().iterator().next());
        }
    }

    /** A file may change: who runs it goes on with what it has, who runs it from now on reads it again. */
    public synchronized void forget(FileStatus status) {
        if (known.isEmpty()) {
            return;
        }
        known.values().stream()
                .filter(file -> file.key.inode == status.inode() && file.key.device == status.device()).toList()
                .forEach(file -> {
                    known.remove(file.key);
                    if (idle.remove(file.key) != null) {
                        file.close();
                    }
                });
    }

    private void drop(ProgramFile file) {
        idle.remove(file.key);
        known.remove(file.key);
        file.close();
    }

    /** Keeps nothing any more that nobody runs. */
    public synchronized void close() {
        closed = true;
        forgetIdle();
    }

    /** Lets go of what nobody runs. */
    public synchronized void forgetIdle() {
        for (ProgramFile file : java.util.List.copyOf(idle.values())) {
            drop(file);
        }
    }
}
