package bundles.unix.provider.file;

import bundles.unix.provider.abi.Errno;
import bundles.unix.provider.abi.ErrnoException;
import bundles.unix.provider.abi.OpenFlags;
import bundles.unix.provider.abi.UserMemory;
import bundles.unix.provider.abi.Waiter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What inotify_init(2) gives: reads tell what has happened to what it watches. The monitor guards the queue and the watches; it may be held
 * while {@link Notices} is asked, never the other way round.
 */
public final class NoticeFile extends OpenFile {

    /** Flags of inotify_add_watch(2). */
    private static final int ONLYDIR = 0x0100_0000, MASK_CREATE = 0x1000_0000, MASK_ADD = 0x2000_0000,
            ONESHOT = 0x8000_0000;
    /** Bytes of a {@code struct inotify_event} without its name, and what the name's room is a multiple of. */
    private static final int HEADER = 16;
    /** {@code fs.inotify.max_queued_events}, {@code max_user_watches} as they are on Linux. */
    private static final int MOST_EVENTS = 16384, MOST_WATCHES = 8192;

    private record Event(int watch, int mask, int cookie, String name) {
        int size() {
            int length = name.getBytes(StandardCharsets.UTF_8).length;
            return HEADER + (length == 0 ? 0 : (length / HEADER + 1) * HEADER);
        }
    }

    /** What is watched. Thread-safe: the file's monitor guards the mask. */
    final class Watch {
        private final int number;
        private final FileStatus status;
        private int mask;

        private Watch(int number, FileStatus status, int mask) {
            this.number = number;
            this.status = status;
            this.mask = mask;
        }

        NoticeFile file() {
            return NoticeFile.this;
        }

        /** Something has happened. */
        void tell(int happened, int cookie, String name) {
            boolean last;
            synchronized (NoticeFile.this) {
                if ((mask & happened & Notices.ALL) == 0 || byNumber.get(number) != this) {
                    return;
                }
                put(new Event(number, happened, cookie, name));
                last = (mask & ONESHOT) != 0;
            }
            if (last) {
                end();
            }
            changed();
        }

        /** It is watched no longer, and the reader is told. */
        void end() {
            synchronized (NoticeFile.this) {
                if (!byNumber.remove(number, this)) {
                    return;
                }
                put(new Event(number, Notices.IGNORED, 0, ""));
            }
            notices.remove(this, status);
            changed();
        }
    }

    private final Notices notices;
    private final Map<Integer, Watch> byNumber = new HashMap<>();
    private final Deque<Event> queue = new ArrayDeque<>();
    private int numbers;

    /**
     * @param notices where it hears of things
     * @param flags status flags
     */
    public NoticeFile(Notices notices, int flags) {
        super(OpenFlags.O_RDONLY | flags);
        this.notices = notices;
    }

    /**
     * Watches something, or watches it for something else.
     *
     * @param status what it is
     * @param mask what for, and flags
     * @return the watch's number
     * @throws ErrnoException EINVAL, ENOTDIR, EEXIST, ENOSPC
     */
    public synchronized int watch(FileStatus status, int mask) throws ErrnoException {
        if ((mask & Notices.ALL) == 0 || (mask & MASK_ADD) != 0 && (mask & MASK_CREATE) != 0) {
            throw Errno.EINVAL.exception();
        }
        if ((mask & ONLYDIR) != 0 && !status.is(FileStatus.S_IFDIR)) {
            throw Errno.ENOTDIR.exception();
        }
        Watch old = notices.find(this, status);
        if (old != null) {
            if ((mask & MASK_CREATE) != 0) {
                throw Errno.EEXIST.exception();
            }
            old.mask = (mask & MASK_ADD) != 0 ? old.mask | mask : mask;
            return old.number;
        }
        if (byNumber.size() >= MOST_WATCHES) {
            throw Errno.ENOSPC.exception();
        }
        Watch watch = new Watch(++numbers, status, mask);
        byNumber.put(watch.number, watch);
        notices.add(watch, status);
        return watch.number;
    }

    /** Ends a watch (inotify_rm_watch(2)). @throws ErrnoException EINVAL: there is none of this number */
    public void unwatch(int number) throws ErrnoException {
        Watch watch;
        synchronized (this) {
            watch = byNumber.get(number);
        }
        if (watch == null) {
            throw Errno.EINVAL.exception();
        }
        watch.end();
    }

    /** The caller holds the monitor. What is the same as the one before is told once. */
    private void put(Event event) {
        if (event.equals(queue.peekLast())) {
            return;
        }
        if (queue.size() >= MOST_EVENTS) {
            Event overflow = new Event(-1, Notices.OVERFLOW, 0, "");
            if (!overflow.equals(queue.peekLast())) {
                queue.add(overflow);
            }
        } else {
            queue.add(event);
        }
        notifyAll();
    }

    @Override
    public FileStatus status() {
        return FileStatus.ofSpecial(0600, 0, System.identityHashCode(this) & 0xFFFFFFFFL);
    }

    @Override
    public int read(Waiter waiter, byte[] to, int offset, int length) throws IOException, ErrnoException {
        boolean wait = (flags() & OpenFlags.O_NONBLOCK) == 0;
        int got = waiter.await(() -> take(to, offset, length, wait));
        changed();
        return got;
    }

    private synchronized int take(byte[] to, int offset, int length, boolean wait)
            throws InterruptedException, ErrnoException {
        while (queue.isEmpty()) {
            if (!wait) {
                throw Errno.EAGAIN.exception();
            }
            wait();
        }
        if (queue.peek().size() > length) {
            throw Errno.EINVAL.exception();
        }
        int total = 0;
        while (!queue.isEmpty() && queue.peek().size() <= length - total) {
            Event event = queue.remove();
            ByteBuffer bytes = UserMemory.struct(event.size());
            bytes.putInt(event.watch).putInt(event.mask).putInt(event.cookie).putInt(event.size() - HEADER);
            bytes.put(event.name.getBytes(StandardCharsets.UTF_8));
            System.arraycopy(bytes.array(), 0, to, offset + total, event.size());
            total += event.size();
        }
        return total;
    }

    @Override
    public synchronized int available() {
        return queue.stream().mapToInt(Event::size).sum();
    }

    @Override
    public synchronized int events() {
        return Events.of(!queue.isEmpty(), false);
    }

    @Override
    protected void close() {
        List<Watch> all;
        synchronized (this) {
            all = List.copyOf(byNumber.values());
            byNumber.clear();
        }
        all.forEach(watch -> notices.remove(watch, watch.status));
    }
}
