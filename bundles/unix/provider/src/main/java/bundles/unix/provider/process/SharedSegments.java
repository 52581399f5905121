package bundles.unix.provider.process;

import bundles.unix.provider.abi.Errno;
import bundles.unix.provider.abi.ErrnoException;
import bundles.unix.provider.elf.Layout;
import bundles.unix.provider.ipc.Table;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import kernel.core.machine.Clock;

/**
 * Segments of shared memory (shmget(2), shmop(2), shmctl(2)). Whoever has one attached has its contents among his shared
 * mappings, and lets go of them as he does of those.
 *
 * <p>Concurrency: {@link #lock} guards the table; it is taken with the monitor of a {@link MemoryMap} held, and before that of the
 * {@link SharedContents.Registry}.
 */
public final class SharedSegments {

    private static final int SHM_DEST = 01000;
    private static final long MOST = 1L << 40;

    /** A segment. */
    private static final class Segment extends Table.Entry {
        private final long size;
        private final SharedContents contents;
        private final int creator;
        private int last;
        private long attached;
        private long detached;
        private long made;

        private Segment(long size, SharedContents contents, int creator, long now) {
            this.size = size;
            this.contents = contents;
            this.creator = creator;
            this.made = now;
        }
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final Clock clock;
    private final SharedContents.Registry registry;
    private final Table<Segment> table;

    SharedSegments(Clock clock, SharedContents.Registry registry, int user, int group) {
        this.clock = clock;
        this.registry = registry;
        this.table = new Table<>(user, group);
    }

    private long now() {
        return Math.floorDiv(clock.realTime(), 1_000_000_000L);
    }

    /** Id of a segment (shmget(2)). */
    public int get(int process, int key, long size, int flags) throws ErrnoException {
        lock.lock();
        try {
            sweep();
            return table.get(key, flags, segment -> size <= segment.size, () -> {
                if (size <= 0 || size > MOST) {
                    throw Errno.EINVAL.exception();
                }
                try {
                    return new Segment(size, registry.open(null), process, now());
                } catch (IOException e) {
                    throw Errno.ENOMEM.exception();
                }
            }).id();
        } finally {
            lock.unlock();
        }
    }

    /** Forgets segments that were removed and that nobody has attached any more. */
    private void sweep() {
        for (Segment segment : table.all()) {
            if (segment.removed() && segment.contents.users() == 0) {
                table.remove(segment);
            }
        }
    }

    private Segment find(int id) throws ErrnoException {
        sweep();
        return table.find(id);
    }

    /**
     * Attaches a segment.
     *
     * @param address where; 0: anywhere
     * @param replace whether what is there gives way
     * @return where it is
     */
    public long attach(UnixThread thread, int id, long address, int protection, boolean replace)
            throws ErrnoException, IOException {
        MemoryMap map = thread.map();
        synchronized (map) {
            lock.lock();
            try {
                Segment segment = find(id);
                long length = Layout.ceil(segment.size);
                long at;
                if (address == 0) {
                    at = map.place(0, length);
                } else {
                    MemoryMap.checkRange(address, length);
                    at = address;
                    if (replace) {
                        map.shared().remove(at, at + length);
                    } else if (map.space().findGap(at, length) != at) {
                        throw Errno.EINVAL.exception();
                    }
                }
                map.shared().map(at, length, protection, segment.contents, "/SYSV%08x".formatted(segment.id()));
                segment.attached = now();
                segment.last = thread.process().id();
                return at;
            } finally {
                lock.unlock();
            }
        }
    }

    /** Detaches what was attached at an address. @throws ErrnoException EINVAL: nothing was */
    public void detach(UnixThread thread, long address) throws ErrnoException, IOException {
        MemoryMap map = thread.map();
        synchronized (map) {
            lock.lock();
            try {
                SharedMappings.Place place = map.shared().place(address);
                List<Segment> all = table.all();
                for (Segment segment : all) {
                    if (place != null && place.contents() == segment.contents && place.position() == 0) {
                        long end = address + Layout.ceil(segment.size);
                        map.shared().remove(address, end);
                        map.space().unmap(address, end - address);
                        segment.detached = now();
                        segment.last = thread.process().id();
                        sweep();
                        return;
                    }
                }
                throw Errno.EINVAL.exception();
            } finally {
                lock.unlock();
            }
        }
    }

    /** Removes a segment; who has it attached keeps it (IPC_RMID). */
    public void remove(int id) throws ErrnoException, IOException {
        lock.lock();
        try {
            Segment segment = find(id);
            if (!segment.removed()) {
                table.hide(segment);
                segment.contents.release();
                sweep();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Sets permissions (IPC_SET). */
    public void setMode(int id, int mode) throws ErrnoException {
        lock.lock();
        try {
            find(id).setMode(mode);
            find(id).made = now();
        } finally {
            lock.unlock();
        }
    }

    /** As {@code struct shmid64_ds} (IPC_STAT). */
    public ByteBuffer status(int id) throws ErrnoException {
        lock.lock();
        try {
            Segment segment = find(id);
            int users = segment.contents.users() - (segment.removed() ? 0 : 1);
            return segment.struct(112, segment.removed() ? SHM_DEST : 0).putLong(48, segment.size)
                    .putLong(56, segment.attached).putLong(64, segment.detached).putLong(72, segment.made)
                    .putInt(80, segment.creator).putInt(84, segment.last).putLong(88, users);
        } finally {
            lock.unlock();
        }
    }

    /** Lets go of all segments. */
    public void close() {
        lock.lock();
        try {
            for (Segment segment : table.all()) {
                if (!segment.removed()) {
                    segment.contents.release();
                }
                table.remove(segment);
            }
        } catch (IOException e) {
            // They are of no file.
        } finally {
            lock.unlock();
        }
    }
}
