package bundles.unix.provider.file;

import bundles.unix.provider.abi.Errno;
import bundles.unix.provider.abi.ErrnoException;
import bundles.unix.provider.abi.OpenFlags;
import bundles.unix.provider.abi.Waiter;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Files that are waited for together (epoll(7)).
 *
 * <p>Concurrency: the monitor guards the interests. Files are asked for their events with it held; they tell of changes
 * without any lock of theirs that this one would be asked for under, but for {@link #changed}, which takes none here.
 */
public final class EpollFile extends OpenFile {

    /** Flags of an interest (linux/eventpoll.h). */
    public static final int ONE_SHOT = 1 << 30, EDGE = 1 << 31;

    private record Key(int descriptor, OpenFile file) {}

    private final class Interest implements Runnable {

        private final OpenFile file;
        private int events;
        private long data;
        /** Whether something has changed since it was reported last. */
        private volatile boolean fresh = true;
        private boolean spent;

        Interest(OpenFile file) {
            this.file = file;
        }

        @Override
        public void run() {
            fresh = true;
            EpollFile.this.changed();
        }

        int ready() {
            if (spent || (events & EDGE) != 0 && !fresh) {
                return 0;
            }
            return file.events() & (events | Events.ALWAYS);
        }
    }

    /**
     * A file that is ready.
     *
     * @param events bits of {@link Events}
     * @param data what was given with the interest
     */
    public record Ready(int events, long data) {}

    private final Map<Key, Interest> interests = new LinkedHashMap<>();

    /** One without interests. */
    public EpollFile() {
        super(OpenFlags.O_RDWR);
    }

    @Override
    public FileStatus status() {
        return FileStatus.ofSpecial(0600, 0, System.identityHashCode(this) & 0xFFFFFFFFL);
    }

    /**
     * Adds an interest.
     *
     * @throws ErrnoException EEXIST; EINVAL: in itself; EPERM: a file that is always ready; ELOOP
     */
    public synchronized void add(int descriptor, OpenFile file, int events, long data) throws ErrnoException {
        if (file == this) {
            throw Errno.EINVAL.exception();
        }
        if (file instanceof RegularFile || file instanceof Directory) {
            throw Errno.EPERM.exception();
        }
        if (file instanceof EpollFile other && other.reaches(this, 0)) {
            throw Errno.ELOOP.exception();
        }
        var interest = new Interest(file);
        interest.events = events;
        interest.data = data;
        if (interests.putIfAbsent(new Key(descriptor, file), interest) != null) {
            throw Errno.EEXIST.exception();
        }
        file.watch(interest);
        changed();
    }

    private synchronized boolean reaches(EpollFile wanted, int depth) {
        return depth > 4 || interests.keySet().stream().anyMatch(key -> key.file == wanted
                || key.file instanceof EpollFile other && other.reaches(wanted, depth + 1));
    }

    /** Changes an interest. @throws ErrnoException ENOENT */
    public synchronized void change(int descriptor, OpenFile file, int events, long data) throws ErrnoException {
        Interest interest = interests.get(new Key(descriptor, file));
        if (interest == null) {
            throw Errno.ENOENT.exception();
        }
        interest.events = events;
        interest.data = data;
        interest.spent = false;
        interest.fresh = true;
        changed();
    }

    /** Removes an interest. @throws ErrnoException ENOENT */
    public synchronized void remove(int descriptor, OpenFile file) throws ErrnoException {
        Interest interest = interests.remove(new Key(descriptor, file));
        if (interest == null) {
            throw Errno.ENOENT.exception();
        }
        file.unwatch(interest);
    }

    /** Takes what is ready, at most so many; the ones reported go to the end, so that all get their turn. */
    public synchronized List<Ready> take(int most) {
        List<Ready> ready = new ArrayList<>();
        List<Map.Entry<Key, Interest>> reported = new ArrayList<>();
        for (Iterator<Map.Entry<Key, Interest>> all = interests.entrySet().iterator(); all.hasNext();) {
            Map.Entry<Key, Interest> entry = all.next();
            Interest interest = entry.getValue();
            if (interest.file.closed()) {
                all.remove();
                continue;
            }
            int events = ready.size() < most ? interest.ready() : 0;
            if (events != 0) {
                ready.add(new Ready(events, interest.data));
                interest.fresh = false;
                interest.spent = (interest.events & ONE_SHOT) != 0;
                reported.add(Map.entry(entry.getKey(), interest));
                all.remove();
            }
        }
        reported.forEach(entry -> interests.put(entry.getKey(), entry.getValue()));
        return ready;
    }

    @Override
    public synchronized int events() {
        return Events.of(interests.values().stream().anyMatch(one -> !one.file.closed() && one.ready() != 0), false);
    }

    @Override
    public synchronized boolean announces() {
        return interests.keySet().stream().allMatch(key -> key.file.announces());
    }

    @Override
    protected synchronized void close() {
        interests.values().forEach(interest -> interest.file.unwatch(interest));
        interests.clear();
    }

    @Override
    public int read(Waiter waiter, byte[] to, int offset, int length) throws ErrnoException {
        throw Errno.EINVAL.exception();
    }

    @Override
    public int write(Waiter waiter, byte[] from, int offset, int length) throws ErrnoException {
        throw Errno.EINVAL.exception();
    }

    /** {@inheritDoc} It has no position, and says so by staying at 0. */
    @Override
    public long seek(long offset, int whence) {
        return 0;
    }
}
