package bundles.unix.provider.file;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Who wants to be told of what happens to files and in folders (inotify(7)): whoever changes something says so here. Files are known
 * by device and inode, so all their names count; what others do on the host is not seen. While nobody watches anything, nothing is looked up
 * but that files are modified, which is counted.
 *
 * <p>Thread-safe: maps and lists are concurrent; who watches is told without a lock held here.
 */
public final class Notices {

    /** What happens (linux/inotify.h). */
    public static final int MODIFY = 2, ATTRIB = 4, CLOSE_WRITE = 8, CLOSE_NOWRITE = 0x10, OPEN = 0x20,
            MOVED_FROM = 0x40, MOVED_TO = 0x80, CREATE = 0x100, DELETE = 0x200, DELETE_SELF = 0x400, MOVE_SELF = 0x800;
    /** All that there is, with accesses, which are not told. */
    public static final int ALL = 0xFFF;
    static final int OVERFLOW = 0x4000, IGNORED = 0x8000, FOLDER = 0x4000_0000;

    private record Key(long device, long inode) {
        Key(FileStatus status) {
            this(status.device(), status.inode());
        }
    }

    private static final int PLACES = 1024;

    private final ConcurrentHashMap<Key, List<NoticeFile.Watch>> watches = new ConcurrentHashMap<>();
    /** How often files were modified, some files together in each place. */
    private final AtomicLongArray modified = new AtomicLongArray(PLACES);
    private final AtomicInteger cookies = new AtomicInteger();

    /** Whether nobody watches anything. */
    public boolean none() {
        return watches.isEmpty();
    }

    /**
     * A number that is another one after the file was modified here; perhaps after another file was as well. For who has read it ahead of
     * when it is wanted.
     */
    long version(FileStatus status) {
        return modified.get(place(status));
    }

    private static int place(FileStatus status) {
        return new Key(status).hashCode() & PLACES - 1;
    }

    /** What a file watches of something, or null. */
    NoticeFile.Watch find(NoticeFile file, FileStatus status) {
        return watches.getOrDefault(new Key(status), List.of()).stream().filter(watch -> watch.file() == file)
                .findFirst().orElse(null);
    }

    void add(NoticeFile.Watch watch, FileStatus status) {
        watches.compute(new Key(status), (_, old) -> {
            List<NoticeFile.Watch> list = old == null ? new CopyOnWriteArrayList<>() : old;
            list.add(watch);
            return list;
        });
    }

    void remove(NoticeFile.Watch watch, FileStatus status) {
        watches.computeIfPresent(new Key(status), (_, list) -> {
            list.remove(watch);
            return list.isEmpty() ? null : list;
        });
    }

    /**
     * Something has happened to what a path leads to, links at its end not followed.
     *
     * @param path its name
     * @param happened one of the constants
     */
    public void changed(Path path, int happened) {
        if (!none() || happened == MODIFY) {
            try {
                changed(path, HostFiles.status(path, false), happened);
            } catch (IOException e) {
                // It is gone again, with those who watched it.
            }
        }
    }

    /** The same, of something whose status is known: perhaps it has no name any more. */
    public void changed(Path path, FileStatus status, int happened) {
        if (happened == MODIFY) {
            modified.incrementAndGet(place(status));
        }
        if (none()) {
            return;
        }
        int folder = status.is(FileStatus.S_IFDIR) ? FOLDER : 0;
        tell(folderOf(path), happened | folder, 0, name(path));
        tell(status, happened | folder, 0, "");
    }

    /** A name was made or removed. @param status of what it leads, or led, to */
    public void entry(Path path, FileStatus status, int happened) {
        if (none()) {
            return;
        }
        int folder = status.is(FileStatus.S_IFDIR) ? FOLDER : 0;
        tell(folderOf(path), happened | folder, 0, name(path));
        if (happened == DELETE) {
            gone(status);
        }
    }

    /** A name was made of something. */
    public void made(Path path) {
        if (!none()) {
            try {
                entry(path, HostFiles.status(path, false), CREATE);
            } catch (IOException e) {
                // It is gone again.
            }
        }
    }

    /** Something has one more name. */
    public void linked(Path path) {
        if (!none()) {
            try {
                tell(HostFiles.status(path, false), ATTRIB, 0, "");
            } catch (IOException e) {
                // It is gone again.
            }
        }
    }

    /** One of the names of something is gone. */
    private void gone(FileStatus status) {
        boolean last = status.is(FileStatus.S_IFDIR) || status.links() <= 1;
        if (!status.is(FileStatus.S_IFDIR)) {
            tell(status, ATTRIB, 0, "");
        }
        if (last) {
            tell(status, DELETE_SELF, 0, "");
            watches.getOrDefault(new Key(status), List.of()).forEach(NoticeFile.Watch::end);
        }
    }

    /**
     * Something has another name now.
     *
     * @param replaced status of what had that name before, or null
     */
    public void moved(Path from, Path to, FileStatus replaced) {
        if (none()) {
            return;
        }
        try {
            FileStatus status = HostFiles.status(to, false);
            int folder = status.is(FileStatus.S_IFDIR) ? FOLDER : 0;
            int cookie = cookies.incrementAndGet() & Integer.MAX_VALUE;
            tell(folderOf(from), MOVED_FROM | folder, cookie, name(from));
            tell(folderOf(to), MOVED_TO | folder, cookie, name(to));
            tell(status, MOVE_SELF, 0, "");
        } catch (IOException e) {
            // It is gone again.
        }
        if (replaced != null) {
            gone(replaced);
        }
    }

    private static FileStatus folderOf(Path path) {
        try {
            Path folder = path.toAbsolutePath().getParent();
            return folder == null ? null : HostFiles.status(folder, true);
        } catch (IOException e) {
            return null; // the folder is gone, too
        }
    }

    private static String name(Path path) {
        return path.getFileName() == null ? "" : path.getFileName().toString();
    }

    private void tell(FileStatus of, int happened, int cookie, String name) {
        if (of != null) {
            watches.getOrDefault(new Key(of), List.of()).forEach(watch -> watch.tell(happened, cookie, name));
        }
    }
}
