package kernel.ext.vm.provider;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import kernel.core.memory.Access;
import kernel.core.memory.Frame;
import kernel.core.memory.PhysAddr;
import kernel.core.memory.TranslationContext;
import kernel.ext.vm.api.AddressSpace;
import kernel.ext.vm.api.Pager;

/**
 * An address space.
 *
 * <p>Concurrency: {@link #lock} guards the areas, the frames, the counters and every change of the translation, so that the
 * three always agree. Pagers run without it, for they may wait; afterwards the area is looked up again, and what was filled
 * for nothing is thrown away. Nothing is called with the lock held but {@link PhysAddr} and the translation.
 */
final class Space implements AddressSpace {

    /** How a fault ended. */
    enum Outcome {
        /** Try the access again. */
        RESOLVED,
        /** No area has the address. */
        NOT_ALLOCATED,
        /** The area forbids it, or its pager has no such page. */
        FORBIDDEN,
        /** There is no free frame. */
        EXHAUSTED
    }

    private final String name;
    private final TranslationContext translation;
    private final PhysAddr memory;
    private final long pageSize;
    private final long limit;
    private final Runnable onDestroy;

    private final ReentrantLock lock = new ReentrantLock();
    private final Areas areas = new Areas();
    /** Frames by the address of the page that they are mapped at. */
    private final TreeMap<Long, Frame> frames = new TreeMap<>();
    private long faults;
    private boolean destroyed;

    /**
     * @param limit first address beyond what user code can address
     * @param onDestroy runs once, when the space is destroyed
     */
    Space(String name, TranslationContext translation, PhysAddr memory, long limit, Runnable onDestroy) {
        this.name = name;
        this.translation = translation;
        this.memory = memory;
        this.pageSize = memory.pageSize();
        this.limit = limit & -pageSize;
        this.onDestroy = onDestroy;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public TranslationContext translation() {
        return translation;
    }

    @Override
    public void map(long address, long length, int protection, Pager pager, String label) {
        long start = address & -pageSize;
        long end = end(address, length);
        if (end <= start) {
            throw new IllegalArgumentException("no region of %d bytes at 0x%x: addresses end at 0x%x".formatted(length,
                    address, limit));
        }
        lock.lock();
        try {
            if (!destroyed) {
                release(start, end);
                areas.add(new Area(start, end, protection, pager, start, label));
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public long findGap(long hint, long length) {
        long pages = length + pageSize - 1 & -pageSize;
        if (length <= 0 || pages <= 0 || pages > limit) {
            return -1;
        }
        long from = hint < 0 || hint >= limit ? 0 : hint & -pageSize;
        lock.lock();
        try {
            // Page 0 stays free, so that null pointers fault.
            long gap = areas.gap(Math.max(from, pageSize), pages, limit);
            return gap < 0 ? areas.gap(pageSize, pages, limit) : gap;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void unmap(long address, long length) {
        long start = address & -pageSize;
        long end = end(address, length);
        if (end <= start) {
            return;
        }
        lock.lock();
        try {
            areas.remove(start, end);
            release(start, end);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean protect(long address, long length, int protection) {
        long start = address & -pageSize;
        long end = end(address, length);
        if (end <= start) {
            return length == 0;
        }
        lock.lock();
        try {
            if (!areas.covers(start, end)) {
                return false;
            }
            areas.protect(start, end, protection);
            frames.subMap(start, end).keySet().forEach(page -> translation.protect(page, protection));
            return true;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean covers(long address, long length) {
        long end = end(address, length);
        if (length == 0) {
            return true;
        }
        if (end <= address) {
            return false;
        }
        lock.lock();
        try {
            return areas.covers(address & -pageSize, end);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public List<Region> regions() {
        lock.lock();
        try {
            return areas.all().stream().map(Area::region).toList();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public int resident() {
        lock.lock();
        try {
            return frames.size();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public long faults() {
        lock.lock();
        try {
            return faults;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void destroy() {
        lock.lock();
        try {
            if (destroyed) {
                return;
            }
            destroyed = true;
            translation.destroy();
            frames.values().forEach(memory::free);
            frames.clear();
            areas.clear();
        } finally {
            lock.unlock();
        }
        onDestroy.run();
    }

    /** Makes a page that was touched present, if the space allows the access. */
    Outcome resolve(long address, Access access) {
        long page = address & -pageSize;
        while (true) {
            Area area;
            lock.lock();
            try {
                area = areas.at(page);
                Outcome known = area == null ? Outcome.NOT_ALLOCATED : check(area, page, access);
                if (known != null) {
                    return known;
                }
            } finally {
                lock.unlock();
            }
            Frame frame = memory.allocate();
            if (frame == null) {
                return Outcome.EXHAUSTED;
            }
            boolean used = false;
            try {
                area.pager().fill(page - area.origin(), frame);
                used = install(area, page, frame);
                if (used) {
                    return Outcome.RESOLVED;
                }
            } catch (IOException e) {
                return Outcome.FORBIDDEN;
            } finally {
                if (!used) {
                    memory.free(frame);
                }
            }
        }
    }

    /** What can be said without a new frame; null if one is needed. The caller holds the lock. */
    private Outcome check(Area area, long page, Access access) {
        if ((area.protection() & access.protection()) == 0) {
            return Outcome.FORBIDDEN;
        }
        if (frames.containsKey(page)) {
            // Another strand was faster, or the protection was loosened meanwhile.
            translation.protect(page, area.protection());
            faults++;
            return Outcome.RESOLVED;
        }
        return null;
    }

    /** Maps a filled frame, unless the page has changed since its area was looked up. */
    private boolean install(Area filledFor, long page, Frame frame) {
        lock.lock();
        try {
            Area area = areas.at(page);
            if (area == null || area.pager() != filledFor.pager() || area.origin() != filledFor.origin()
                    && area.pager() != Pager.ZERO || frames.containsKey(page)) {
                return false;
            }
            translation.map(page, frame, area.protection());
            frames.put(page, frame);
            faults++;
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Unmaps and frees the pages between two addresses. The caller holds the lock. */
    private void release(long start, long end) {
        Map<Long, Frame> gone = frames.subMap(start, end);
        gone.forEach((page, frame) -> {
            translation.unmap(page);
            memory.free(frame);
        });
        gone.clear();
    }

    /** End of a range, widened to whole pages; not above {@code address} if the range is empty or not addressable. */
    private long end(long address, long length) {
        if (address < 0 || length <= 0 || address > limit || length > limit - address) {
            return Long.MIN_VALUE;
        }
        return address + length + pageSize - 1 & -pageSize;
    }
}
